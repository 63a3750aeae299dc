"""批量归档: what was chosen in the register or in 待归档, with the 档号 each would get, filed in one go."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from qidang.accounts.capabilities import require
from qidang.contracts.models import Contract
from qidang.holdings.filing import USUAL_RETENTION
from qidang.holdings.many import Outcome, file_many, preview_many
from qidang.kit.ids import parse_uid
from qidang.web.answers import Asked
from qidang.web.holdings.forms import ManyForm

MOST = 200  # in one go; a page of a list holds 50


def file(request: Asked) -> HttpResponse:
    """批量归档: first the preview, then, with ``confirm``, the filing; each row says what became of it."""
    require(request.user, "record.file")
    if request.method != "POST":
        return redirect("holdings:to_file")
    contracts = _picked(request)
    form = ManyForm(request.POST if "retention" in request.POST else None, initial={"retention": USUAL_RETENTION})
    retention = form.cleaned_data["retention"] if form.is_bound and form.is_valid() else USUAL_RETENTION
    if "confirm" in request.POST and form.is_valid():
        return _done(request, file_many(contracts, retention=retention, by=request.user))
    shown = {"form": form} | _counted(preview_many(contracts, retention=retention))
    template = "holdings/many.html#outcomes" if "HX-Request" in request.headers else "holdings/many.html"
    return render(request, template, shown)


def _done(request: Asked, outcomes: Sequence[Outcome]) -> HttpResponse:
    shown = {"is_done": True} | _counted(outcomes)
    return render(request, "holdings/many.html", shown, status=200 if shown["good"] else 409)


def _counted(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    good = sum(outcome.refusal is None for outcome in outcomes)
    return {"outcomes": outcomes, "good": good, "bad": len(outcomes) - good}


def _picked(request: Asked) -> list[Contract]:
    """Return the chosen contracts that the person may file, oldest signing first; 404 where there is none."""
    uids = [uid for word in request.POST.getlist("pick")[:MOST] if (uid := parse_uid(word))]
    within = Contract.objects.visible_to(request.user, "record.file").filter(uid__in=uids)
    found = list(within.select_related("unit", "department").order_by("signed_on", "id"))
    if not found:
        raise Http404
    return found
