"""保全: the holds on a contract, those that stand and those released, with the forms of both acts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts.models import Contract, Hold
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.righting_forms import HoldForm, ReleaseForm
from qidang.web.contracts.views import found


def holds(request: Asked, uid: UUID) -> HttpResponse:
    """保全 and 解除保全, each with its reason."""
    contract = found(request, uid)
    require(request.user, "contract.hold", contract)
    standing, refusal = _chosen(request, contract), None
    sent = request.POST if request.method == "POST" else None
    form, release = HoldForm(None if standing else sent), ReleaseForm(sent if standing else None)
    if sent is not None and (release if standing else form).is_valid():
        try:
            words = _act(request, contract, standing, form, release)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, words)
            return redirect("contracts:show", uid)
    rows = contract.holds.select_related("placed_by__department", "released_by__department")
    shown = {"contract": contract, "form": form, "release": release, "refusal": refusal, "rows": rows}
    return render(request, "contracts/holds.html", shown, status=409 if refusal else 200)


def _chosen(request: Asked, contract: Contract) -> Hold | None:
    """Return the hold that the form releases; None where it places one."""
    named = request.POST.get("hold")
    return get_object_or_404(Hold, contract=contract, uid=parse_uid(named)) if named else None


def _act(request: Asked, contract: Contract, standing: Hold | None, form: HoldForm, release: ReleaseForm) -> str:
    if standing is not None:
        standing.release(by=request.user, why=release.cleaned_data["why"])
        return _("保全已解除")
    Hold.place(contract, by=request.user, **form.cleaned_data)
    return _("已办理保全")
