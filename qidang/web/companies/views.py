"""客户与签约主体: the list and one company's page. What changes them stands in ``writing``, ``names``, ``contacts``."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qidang.accounts.capabilities import may, require
from qidang.contracts.customers import CustomerFilters, Customers
from qidang.contracts.dealings import Dealings, by_currency, totals
from qidang.contracts.models import Company
from qidang.contracts.models.contacts import tends
from qidang.contracts.register import Filters
from qidang.web.answers import Asked
from qidang.web.companies import panels
from qidang.web.companies.columns import COLUMNS
from qidang.web.companies.forms import CustomerFilter, NoteForm
from qidang.web.lists.arrangement import Arrangement, arrangement
from qidang.web.lists.paging import sheet

TABS = (
    ("contracts", pgettext_lazy("复数", "合同")),
    ("sums", gettext_lazy("按年汇总")),
    ("papers", pgettext_lazy("复数", "文件")),
    ("people", gettext_lazy("人员")),
    ("notes", gettext_lazy("备注")),
    ("log", gettext_lazy("经过")),
)


def companies(request: Asked) -> HttpResponse:
    """客户: the list."""
    require(request.user, "contract.read")
    customers = filtered(request)
    found = customers.companies()
    shown = {
        "list": arranged(request),
        "form": CustomerFilter(request.GET),
        "sheet": sheet(request, found.prefetch_related("aliases", "codes"), customers.order),
        "total": found.count(),
        "may_edit": may(request.user, "company.edit"),
        "may_export": may(request.user, "contract.export"),
    }
    return render(request, "companies/companies.html", shown)


def arranged(request: Asked) -> Arrangement:
    """Return how the person sees the list of companies."""
    tabs = (
        (_("全部"), ""),
        (pgettext("复数", "客户"), "kind=theirs"),
        (pgettext("复数", "我方签约主体"), "kind=ours"),
        (_("缺信用代码"), "kind=theirs&uscc=missing"),
    )
    return arrangement(request, "companies", COLUMNS, tabs)


def filtered(request: Asked) -> Customers:
    """Return the companies that the address asks for, as the person may see them."""
    return Customers(request.user, CustomerFilters.parsed(request.GET), request.GET.get("sort", ""))


def known(request: Asked, uid: UUID) -> Company:
    """Return the company that the person may see; 404 for everybody else."""
    company: Company = get_object_or_404(Company.objects.seen_by(request.user).select_related("unit"), uid=uid)
    return company


def _shown(request: Asked, uid: UUID) -> Company:
    """Return the company, or the one it was merged into, that the person may see, and whether others were merged."""
    found = Company.objects.seen_by(request.user).select_related("unit")
    here = Q(uid=uid) | Q(pk__in=Company.objects.filter(uid=uid).values("merged_into"))
    merged = Exists(Company.objects.filter(merged_into=OuterRef("pk")))
    company: Company = get_object_or_404(found.annotate(has_merged=merged), here)
    return company


def show(request: Asked, uid: UUID) -> HttpResponse:
    """客户页: one tab at a time; everything counted and added is what the person may see."""
    company = _shown(request, uid)
    if company.uid != uid:  # it was merged: its address leads to the one that was kept
        return redirect("companies:show", company.uid)
    here = request.GET.get("tab", "contracts")
    here = here if here in dict(TABS) else "contracts"
    dealings = Dealings(request.user, Filters(), panels.SORT, company=company)
    sums = dealings.sums()
    shown = {
        "company": company,
        "here": here,
        "tabs": [{"key": key, "word": word} for key, word in TABS],
        "sums": sums,
        "panel": f"companies/tabs/{here}.html",
        "may_edit": may(request.user, "company.edit"),
        "may_tend": tends(request.user),
        "note_form": NoteForm(),
        "register": _register(company),
    } | _panel(here, panels.Place(request, company, dealings, sums))
    if request.headers.get("HX-Target", "").endswith("#panel"):
        return render(request, "companies/panel.html", shown)
    shown |= {
        "merges": company.merges_in.filter(undoing=None).select_related("gone") if company.has_merged else [],  # type: ignore[attr-defined]
        "aliases": company.aliases.all(),
        "codes": company.codes.all(),
        "totals": by_currency(sums),
        "count": sum(one.count for one in sums),
        "void": sum(one.void for one in sums),
    }
    return render(request, "companies/show.html", shown)


def _panel(here: str, place: panels.Place) -> dict[str, Any]:
    if here == "contracts":
        return panels.contracts(place, totals(place.sums))
    panel = {"papers": panels.papers, "people": panels.people, "notes": panels.notes, "log": panels.log}.get(here)
    return panel(place) if panel else {}


def _register(company: Company) -> str:
    """Return the query by which the register shows this company's contracts."""
    return f"unit={company.unit_id}" if company.is_ours and company.unit_id else f"company={company.uid}"
