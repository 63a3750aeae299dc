"""撤销登记 and 恢复登记 on the contract's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.intake import righting
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.righting_forms import WithdrawalForm
from qidang.web.contracts.views import found


def withdrawal(request: Asked, uid: UUID) -> HttpResponse:
    """撤销登记: asks for the reason and where the papers go, and says what will happen and what remains."""
    contract = found(request, uid)
    require(request.user, "contract.withdraw", contract)
    form, refusal = WithdrawalForm(request.POST or None, arrivals=righting.returnable(contract)), None
    if request.method == "POST" and form.is_valid():
        try:
            righting.withdraw(contract, by=request.user, why=form.cleaned_data["why"], papers_back=form.papers_back)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("登记已撤销"))
            return redirect("contracts:show", uid)
    shown = {"contract": contract, "form": form, "refusal": refusal}
    return render(request, "contracts/withdrawal.html", shown, status=409 if refusal else 200)


@require_POST
def restoring(request: Asked, uid: UUID) -> HttpResponse:
    """恢复登记, which undoes a withdrawal made by mistake."""
    contract = found(request, uid)
    righting.restore(contract, by=request.user)
    messages.success(request, _("登记已恢复"))
    return redirect("contracts:show", uid)
