"""新增、修改公司, and what is written beside it: names, codes, contacts, notes; each removal says why."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts.models import Company, CompanyAlias, CompanyCode, Contact, Note
from qidang.contracts.models.contacts import require_tending
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.companies.forms import (
    AliasDaysForm,
    AliasForm,
    CodeForm,
    CompanyForm,
    ContactForm,
    EditCompanyForm,
    EditContactForm,
    EditNoteForm,
    NoteForm,
    RemovalForm,
)
from qidang.web.companies.views import known


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
            return done(request, company, _("已新增"))
    return _page(request, form, refusal)


def edit(request: Asked, uid: UUID) -> HttpResponse:
    """修改公司; a company that took another name keeps the old one as 曾用名."""
    require(request.user, "company.edit")
    company = known(request, uid)
    names = ("name", "uscc", "code", "address", "phone", "is_ours", "remarks", "edit_version")
    start = {name: getattr(company, name) for name in names} | {"unit": company.unit and company.unit.uid}
    form = EditCompanyForm(request.POST or None, by=request.user, initial=start)

    def save(given: dict[str, Any]) -> None:
        more = {"why": given["why"], "renamed_on": given["renamed_on"]}
        company.edit(form.changes(), by=request.user, edit_version=given["edit_version"], **more)

    return _written(request, company, form, save, _("修改已保存"), "companies/form.html")


def alias(request: Asked, uid: UUID) -> HttpResponse:
    """新增别名、曾用名、简称."""
    require(request.user, "company.edit")
    company, form = known(request, uid), AliasForm(request.POST or None)
    return _written(
        request,
        company,
        form,
        lambda given: CompanyAlias.add(company, by=request.user, **given),
        _("名称已新增"),
        title=_("新增名称"),
    )


def alias_days(request: Asked, pk: int) -> HttpResponse:
    """修改别名: its kind and the days of its use."""
    require(request.user, "company.edit")
    one = _beside(request, CompanyAlias, pk=pk)
    start = {"kind": one.kind, "from_on": one.from_on, "until_on": one.until_on}
    form = AliasDaysForm(request.POST or None, initial=start)

    def save(given: dict[str, Any]) -> None:
        one.edit({name: given[name] for name in start}, by=request.user, why=given["why"])

    return _written(request, one.company, form, save, _("修改已保存"), title=_("修改名称"), about=one.name)


def code(request: Asked, uid: UUID) -> HttpResponse:
    """新增外部系统代码 (ERP, CRM)."""
    require(request.user, "company.edit")
    company, form = known(request, uid), CodeForm(request.POST or None)
    return _written(
        request,
        company,
        form,
        lambda given: CompanyCode.add(company, by=request.user, **given),
        _("代码已新增"),
        title=_("新增外部系统代码"),
    )


def contact_new(request: Asked, uid: UUID) -> HttpResponse:
    """新增联系人."""
    company = known(request, uid)
    require_tending(request.user)
    form = ContactForm(request.POST or None)
    return _written(
        request,
        company,
        form,
        lambda given: Contact.add(company, by=request.user, **given),
        _("联系人已新增"),
        title=_("新增联系人"),
        tab="people",
    )


def contact(request: Asked, uid: UUID) -> HttpResponse:
    """修改联系人."""
    one = _beside(request, Contact, uid=uid)
    require_tending(request.user)
    start = {name: getattr(one, name) for name in ("name", "title", "phone", "email", "remarks", "edit_version")}
    form = EditContactForm(request.POST or None, initial=start)

    def save(given: dict[str, Any]) -> None:
        version = given.pop("edit_version")
        one.edit(given, by=request.user, edit_version=version)

    return _written(request, one.company, form, save, _("修改已保存"), title=_("修改联系人"), tab="people")


def note_new(request: Asked, uid: UUID) -> HttpResponse:
    """新增备注."""
    company = known(request, uid)
    require_tending(request.user)
    form = NoteForm(request.POST or None)
    return _written(
        request,
        company,
        form,
        lambda given: Note.add(company, given["text"], by=request.user),
        _("备注已新增"),
        title=_("新增备注"),
        tab="notes",
    )


def note(request: Asked, uid: UUID) -> HttpResponse:
    """修改备注."""
    one = _beside(request, Note, uid=uid)
    require_tending(request.user)
    form = EditNoteForm(request.POST or None, initial={"text": one.text, "edit_version": one.edit_version})
    return _written(
        request,
        one.company,
        form,
        lambda given: one.edit(given["text"], by=request.user, edit_version=given["edit_version"]),
        _("修改已保存"),
        title=_("修改备注"),
        tab="notes",
    )


def alias_removal(request: Asked, pk: int) -> HttpResponse:
    """移除别名."""
    require(request.user, "company.edit")
    return _removal(request, _beside(request, CompanyAlias, pk=pk), _("移除名称"))


def code_removal(request: Asked, pk: int) -> HttpResponse:
    """移除外部系统代码."""
    require(request.user, "company.edit")
    return _removal(request, _beside(request, CompanyCode, pk=pk), _("移除外部系统代码"))


def contact_removal(request: Asked, uid: UUID) -> HttpResponse:
    """移除联系人."""
    one = _beside(request, Contact, uid=uid)
    require_tending(request.user)
    return _removal(request, one, _("移除联系人"), "people")


def note_removal(request: Asked, uid: UUID) -> HttpResponse:
    """移除备注."""
    one = _beside(request, Note, uid=uid)
    require_tending(request.user)
    return _removal(request, one, _("移除备注"), "notes")


def done(request: Asked, company: Company, words: str, tab: str = "") -> HttpResponse:
    """Say that it is done and return to the company's page, at ``tab``."""
    messages.success(request, words)
    answer = redirect("companies:show", company.uid)
    answer["Location"] += f"?tab={tab}" if tab else ""
    return answer


def _beside(request: Asked, kind: Any, **key: Any) -> Any:
    """Return what stands beside a company that the person may see; 404 for everybody else."""
    rows = kind.objects.visible_to(request.user) if hasattr(kind.objects, "visible_to") else kind.objects.all()
    seen = Company.objects.visible_to(request.user).values("pk")
    return get_object_or_404(rows.filter(company__in=seen).select_related("company"), **key)


def _removal(request: Asked, one: Any, title: str, tab: str = "") -> HttpResponse:
    form, about = RemovalForm(request.POST or None), str(one)
    return _written(
        request,
        one.company,
        form,
        lambda given: one.remove(by=request.user, why=given["why"]),
        _("已移除"),
        title=title,
        about=about,
        tab=tab,
        is_removal=True,
    )


def _written(
    request: Asked,
    company: Company,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    words: str,
    template: str = "companies/beside.html",
    **shown: Any,
) -> HttpResponse:
    """Show ``form``; when it is sent and valid, ``save`` its values and return to the company's page."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except Refused as error:
            if error.code.startswith("accounts."):
                raise
            refusal = error
        else:
            return done(request, company, words, shown.get("tab", ""))
    shown |= {"form": form, "refusal": refusal, "company": company}
    return render(request, template, shown, status=409 if refusal else 200)


def _page(request: Asked, form: forms.Form, refusal: Refused | None) -> HttpResponse:
    shown = {"form": form, "refusal": refusal, "company": None}
    return render(request, "companies/form.html", shown, status=409 if refusal else 200)
