"""登记, 修改, 作废: the forms that change a contract."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.contracts import numbering
from qidang.contracts.models import Company, Contract
from qidang.contracts.numbers_on_paper import tidy
from qidang.contracts.registering import register
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.facts import told
from qidang.web.contracts.forms import EditContractForm, NewContractForm, VoidForm, initial_of, remembered
from qidang.web.contracts.papers import paper_of
from qidang.web.contracts.rows import RowSets
from qidang.web.contracts.views import found


def new(request: Asked) -> HttpResponse:
    """登记合同 by hand, with its first file."""
    require(request.user, "contract.create")
    form = NewContractForm(
        request.POST or None, request.FILES or None, by=request.user, initial=remembered(request.user)
    )
    rows, refusal = RowSets(request.POST or None), None
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        try:
            contract = register(form.values(rows.values()), by=request.user, paper=paper_of(form, "file_kind"))
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已登记，编号 %(number)s") % {"number": contract.number})
            return redirect("contracts:show", contract.uid)
    return _form(request, "contracts/new.html", form, refusal, rows=rows)


def edit(request: Asked, uid: UUID) -> HttpResponse:
    """修改合同: what somebody else saved meanwhile is shown beside, and nothing is lost."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    form = EditContractForm(request.POST or None, by=request.user, contract=contract, initial=initial_of(contract))
    rows, refusal, theirs = RowSets(request.POST or None, contract), None, None
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        given = form.cleaned_data
        try:
            contract.edit(
                form.changes() | rows.values(), by=request.user, edit_version=given["edit_version"], why=given["why"]
            )
        except Refused as error:
            refusal = form.unexplained(error)
            theirs = _meanwhile(contract, given["edit_version"])
            again = request.POST.copy()
            again["edit_version"] = str(contract.edit_version)
            form.data = again
        else:
            messages.success(request, _("修改已保存"))
            return redirect("contracts:show", uid)
    return _form(request, "contracts/edit.html", form, refusal, contract=contract, rows=rows, theirs=theirs)


def void(request: Asked, uid: UUID) -> HttpResponse:
    """作废: asks for the reason and says what stays."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    form, refusal = VoidForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            contract.void(by=request.user, why=form.cleaned_data["why"])
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("合同已作废"))
            return redirect("contracts:show", uid)
    return _form(request, "contracts/void.html", form, refusal, contract=contract)


@require_POST
def number(request: Asked, uid: UUID) -> HttpResponse:
    """补号 to a contract that has none: the next of the rule, or with ``paper`` the number on its paper."""
    contract = found(request, uid)
    on_paper = tidy(contract.number_on_paper) if "paper" in request.POST else ""
    issued = numbering.give(contract, by=request.user, number=on_paper)
    messages.success(request, _("已发号 %(number)s") % {"number": issued.number})
    return redirect("contracts:show", uid)


def companies(request: Asked) -> HttpResponse:
    """客户提示: names of companies that hold what is being typed, as options."""
    typed = next((str(text).strip() for text in request.GET.values() if text), "")
    known = Company.objects.visible_to(request.user).filter(name__icontains=typed)[:12] if len(typed) > 1 else []
    return render(request, "contracts/new.html#companies", {"companies": known})


def _form(request: Asked, template: str, form: Any, refusal: Refused | None, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, "refusal": refusal} | more, status=409 if refusal else 200)


def _meanwhile(contract: Contract, seen: int) -> list[dict[str, Any]]:
    """Return what others changed since the version ``seen``: who, which field, from what to what."""
    later = contract.revisions.filter(edit_version__gt=seen).select_related("by").order_by("id")
    return [told(one) for one in later]
