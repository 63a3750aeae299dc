"""移动文件 and 核对公司: what was put with the wrong contract, and whom a name means."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts.models import Company, Document
from qidang.contracts.relinking import names_in, relink
from qidang.intake import righting
from qidang.intake.review import contract_named
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.righting_forms import MoveForm, RelinkForm
from qidang.web.contracts.views import found


def moving(request: Asked, uid: UUID) -> HttpResponse:
    """移动文件 to the contract whose number is given."""
    wanted = Document.objects.visible_to(request.user).select_related("contract__department")
    document: Document = get_object_or_404(wanted, uid=uid)
    require(request.user, "contract.edit", document.contract)
    form, refusal = MoveForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            to = contract_named(given["number"], by=request.user)
            righting.move_paper(document, to, why=given["why"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("文件已移到 %(contract)s") % {"contract": to})
            return redirect(f"/contracts/{to.uid}/?tab=papers")
    shown = {"document": document, "contract": document.contract, "form": form, "refusal": refusal}
    return render(request, "contracts/moving.html", shown, status=409 if refusal else 200)


def companies(request: Asked, uid: UUID) -> HttpResponse:
    """核对公司: each name as written, whom it is taken to mean, and a form to say otherwise."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    names = names_in(contract)
    known = Company.objects.visible_to(request.user)
    start = {"edit_version": contract.edit_version, "name": names[0].name if len(names) == 1 else None}
    form = RelinkForm(request.POST or None, names=[one.name for one in names], among=known, initial=start)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            relink(contract, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已改认公司"))
            return redirect("contracts:show", uid)
    seen = set(known.filter(pk__in=_keys(names)).values_list("pk", flat=True))
    shown = {"contract": contract, "names": names, "seen": seen, "form": form, "refusal": refusal}
    return render(request, "contracts/companies.html", shown, status=409 if refusal else 200)


def _keys(names: list[Any]) -> list[int]:
    return [company.pk for one in names for company in one.companies if company is not None]
