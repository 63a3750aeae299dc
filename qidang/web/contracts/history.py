"""补登历史合同: on the contract's page, and for a selection of the register."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts.entering_history import enter_many, preview_many
from qidang.contracts.models import Contract, HistoryEntry
from qidang.contracts.values import PastValues
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.history_forms import HistoryForm, ManyHistoryForm, TakeBackForm
from qidang.web.contracts.views import found

MOST = 200  # in one go; a page of the register holds 50


def history(request: Asked, uid: UUID) -> HttpResponse:
    """补登历史合同, 改登, and 撤销补登, each with its reason."""
    contract = found(request, uid)
    require(request.user, "contract.enter_history", contract)
    takes_back, refusal = "take_back" in request.POST, None
    sent = request.POST if request.method == "POST" else None
    form = HistoryForm(None if takes_back else sent, contract=contract)
    back = TakeBackForm(sent if takes_back else None, auto_id="back_%s")
    if sent is not None and (back if takes_back else form).is_valid():
        try:
            if takes_back:
                HistoryEntry.take_back(contract, by=request.user, why=back.cleaned_data["why"])
            else:
                HistoryEntry.enter(contract, PastValues(**form.cleaned_data), by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("历史登记已撤销") if takes_back else _("已补登"))
            return redirect("contracts:show", uid)
    rows = contract.history_entries.select_related("by__department", "ended_by__department")
    shown = {"contract": contract, "form": form, "back": back, "refusal": refusal, "rows": rows}
    return render(request, "contracts/history.html", shown, status=409 if refusal else 200)


def many(request: Asked) -> HttpResponse:
    """批量补登: what is chosen in the register; first the preview, then, with ``confirm``, the entries."""
    require(request.user, "contract.enter_history")
    if request.method != "POST":
        return redirect("contracts:register")
    contracts = _picked(request)
    form = ManyHistoryForm(request.POST if "voucher" in request.POST else None)
    is_told = form.is_bound and form.is_valid()
    past = PastValues(**form.cleaned_data) if is_told else PastValues(state="", voucher="…", why="…")
    is_done = is_told and "confirm" in request.POST
    outcomes = enter_many(contracts, past, by=request.user) if is_done else preview_many(contracts, past)
    good = sum(outcome.refusal is None for outcome in outcomes)
    shown = {"form": form, "outcomes": outcomes, "good": good, "bad": len(outcomes) - good, "is_done": is_done}
    status = 409 if is_done and not good else 200
    return render(request, "contracts/history_many.html", shown, status=status)


def _picked(request: Asked) -> list[Contract]:
    """Return the chosen contracts that the person may enter, oldest signing first; 404 where there is none."""
    uids = [uid for word in request.POST.getlist("pick")[:MOST] if (uid := parse_uid(word))]
    within = Contract.objects.visible_to(request.user, "contract.enter_history").filter(uid__in=uids)
    chosen = list(within.select_related("unit", "department", "owner").order_by("signed_on", "id"))
    if not chosen:
        raise Http404
    return chosen
