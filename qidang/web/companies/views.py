"""客户与签约主体: the list, one company with its contracts, and what is changed about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import Company, Contract
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.web.answers import Asked
from qidang.web.companies.columns import COLUMNS
from qidang.web.companies.forms import AliasForm, CompanyForm, EditCompanyForm
from qidang.web.contracts.chips import status_chip
from qidang.web.lists.arrangement import arrangement
from qidang.web.lists.paging import sheet

ORDER = ("name_key", "id")
CONTRACTS = 100


def companies(request: Asked) -> HttpResponse:
    """客户: the list."""
    require(request.user, "contract.read")
    found = _narrowed(request, Company.objects.visible_to(request.user))
    tabs = ((_("全部"), ""), (pgettext("复数", "客户"), "kind=theirs"), (pgettext("复数", "我方签约主体"), "kind=ours"))
    shown = {
        "list": arrangement(request, "companies", COLUMNS, tabs),
        "sheet": sheet(request, found.prefetch_related("aliases"), ORDER),
        "total": found.count(),
        "may_edit": may(request.user, "company.edit"),
    }
    return render(request, "companies/companies.html", shown)


def _narrowed(request: Asked, found: "QuerySet[Company]") -> "QuerySet[Company]":
    words, kind = fold(request.GET.get("q", "")), request.GET.get("kind", "")
    if words:
        found = found.filter(name_key__contains=words) | found.filter(uscc__contains=words.upper())
    return found.filter(is_ours=kind == "ours") if kind in ("ours", "theirs") else found


def show(request: Asked, uid: UUID) -> HttpResponse:
    """客户 page: what is known, and the contracts with it that the person may see."""
    company = get_object_or_404(Company.objects.visible_to(request.user).select_related("unit"), uid=uid)
    contracts = Contract.objects.visible_to(request.user).filter(counterparty=company).order_by("-signed_on", "-id")
    shown = {
        "company": company,
        "aliases": company.aliases.all(),
        "contracts": [(one, status_chip(one)) for one in contracts[:CONTRACTS]],
        "may_edit": may(request.user, "company.edit"),
        "alias_form": AliasForm(),
    }
    return render(request, "companies/show.html", shown)


def new(request: Asked) -> HttpResponse:
    """新增公司."""
    require(request.user, "company.edit")
    form, refusal = CompanyForm(request.POST or None, by=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            company = Company.add(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _done(request, company, _("已新增"))
    return _form(request, form, refusal)


def edit(request: Asked, uid: UUID) -> HttpResponse:
    """修改公司."""
    require(request.user, "company.edit")
    company = get_object_or_404(Company.objects.visible_to(request.user).select_related("unit"), uid=uid)
    names = ("name", "uscc", "code", "address", "is_ours", "remarks", "edit_version")
    start = {name: getattr(company, name) for name in names} | {"unit": company.unit and company.unit.uid}
    form, refusal = EditCompanyForm(request.POST or None, by=request.user, initial=start), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            company.edit(form.changes(), by=request.user, edit_version=given["edit_version"], why=given["why"])
        except Refused as error:
            refusal = error
        else:
            return _done(request, company, _("修改已保存"))
    return _form(request, form, refusal, company)


@require_POST
def alias(request: Asked, uid: UUID) -> HttpResponse:
    """新增别名."""
    require(request.user, "company.edit")
    company = get_object_or_404(Company.objects.visible_to(request.user), uid=uid)
    form = AliasForm(request.POST)
    if form.is_valid():
        company.add_alias(form.cleaned_data["name"], by=request.user)
    return _done(request, company, _("别名已新增"))


def _form(request: Asked, form: Any, refusal: Refused | None, company: Company | None = None) -> HttpResponse:
    shown = {"form": form, "refusal": refusal, "company": company}
    return render(request, "companies/form.html", shown, status=409 if refusal else 200)


def _done(request: Asked, company: Company, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("companies:show", company.uid)
