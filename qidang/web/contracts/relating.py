"""关联合同: the tree on the contract's page, and the form that says where a contract belongs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts.models import Contract
from qidang.contracts.relating import relate
from qidang.intake.review import contract_named
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.righting_forms import RelationForm
from qidang.web.contracts.views import found


def relation(request: Asked, uid: UUID) -> HttpResponse:
    """关联合同: to which contract this one belongs, as what and why; nothing named takes the relation away."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    form, refusal = RelationForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            parent = contract_named(given["number"], by=request.user) if given["number"] else None
            relate(contract, parent, given["relation"], why=given["why"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("关联已更新"))
            return redirect("contracts:show", uid)
    above = Contract.objects.visible_to(request.user).filter(children=contract).first()
    shown = {"contract": contract, "above": above, "form": form, "refusal": refusal}
    return render(request, "contracts/relation.html", shown, status=409 if refusal else 200)
