"""合并登记: choose the other registration, look at both side by side, merge, and undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import User
from qidang.contracts import joining as joinings
from qidang.contracts.models import Contract
from qidang.contracts.models.contract import refuse_gone
from qidang.intake import righting
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.web.answers import Asked
from qidang.web.contracts.facts import compared, label_of
from qidang.web.contracts.righting_forms import JoinForm
from qidang.web.contracts.views import SHOWN, found

FOUND = 20
FEW_PEOPLE = 200  # each costs a query for what he reaches


def joining(request: Asked, uid: UUID) -> HttpResponse:
    """合并登记: choose the other one, then see both; POST merges it into this one."""
    kept = found(request, uid)
    require(request.user, joinings.CAPABILITY, kept)
    other = parse_uid(request.POST.get("with", "") or request.GET.get("with", ""))
    if other is None:
        refuse_gone(kept)
        return render(request, "contracts/joining_choice.html", {"contract": kept, "found": _candidates(request, kept)})
    gone = get_object_or_404(_reachable(request).select_related(*SHOWN), uid=other)
    preview = joinings.preview(kept, gone, user=request.user)
    start = {"kept_version": kept.edit_version, "gone_version": gone.edit_version}
    form = JoinForm(request.POST or None, differences=preview.differences, initial=start)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            righting.join(kept, gone, take=form.taken, why=form.cleaned_data["why"], by=request.user, seen=form.seen)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("登记已合并"))
            return redirect("contracts:show", uid)
    shown = {"contract": kept, "gone": gone, "preview": preview, "form": form, "refusal": refusal or preview.refusal}
    shown |= {"rows": _rows(form, kept, gone, preview), "audience": _audience(request, kept, gone)}
    return render(request, "contracts/joining.html", shown, status=409 if refusal else 200)


@require_POST
def parting(request: Asked, uid: UUID) -> HttpResponse:
    """撤销合并, on the page of the one that went."""
    contract = found(request, uid)
    righting.part(contract, by=request.user)
    messages.success(request, _("合并已撤销"))
    return redirect("contracts:show", uid)


def _reachable(request: Asked) -> QuerySet[Contract]:
    return Contract.objects.visible_to(request.user).filter(
        pk__in=Contract.objects.visible_to(request.user, joinings.CAPABILITY).values("pk")
    )


def _candidates(request: Asked, kept: Contract) -> list[Contract]:
    """Return those among which the other one is chosen: by the words typed, else what looks like the same contract."""
    among = _reachable(request).exclude(pk=kept.pk).order_by("-pk")
    words = fold(request.GET.get("q", "").strip()[:100])
    if words:
        return list(among.filter(lookup__contains=words)[:FOUND])
    alike = Q()
    for number in {kept.number, kept.number_on_paper} - {""}:
        alike |= Q(number=number) | Q(number_on_paper=number)
    if kept.counterparty_id and kept.amount is not None:
        alike |= Q(counterparty=kept.counterparty_id, amount=kept.amount, currency=kept.currency)
    if kept.counterparty_id and kept.signed_on is not None:
        alike |= Q(counterparty=kept.counterparty_id, signed_on=kept.signed_on)
    return list(among.filter(alike)[:FOUND]) if alike else []


def _rows(form: JoinForm, kept: Contract, gone: Contract, preview: joinings.Preview) -> list[dict[str, Any]]:
    """Return a row for each field that differs, with what is chosen in it."""
    return [
        {
            "label": label_of(one.name),
            "field": form[form.choice(one.name)],
            "kept": compared(kept, one.name, one.kept),
            "gone": compared(gone, one.name, one.gone),
        }
        for one in preview.differences
    ]


def _audience(request: Asked, kept: Contract, gone: Contract) -> dict[str, Any]:
    """合并以后谁看得到: who can read the gone one now and will not, and who will read its papers and could not.

    Whose the kept one is decides; only people whom the person may see are named, and not where they are very many.
    """
    if (kept.department_id, kept.owner_id) == (gone.department_id, gone.owner_id):
        return {"is_same": True}
    people = list(User.objects.visible_to(request.user).active().order_by("pk")[: FEW_PEOPLE + 1])
    if len(people) > FEW_PEOPLE:
        return {"is_many": True}
    reads = [(one, may(one, "contract.read", kept), may(one, "contract.read", gone)) for one in people]
    return {
        "losing": [one for one, mine, theirs in reads if theirs and not mine],
        "gaining": [one for one, mine, theirs in reads if mine and not theirs],
    }
