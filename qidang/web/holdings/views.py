"""待归档, 档案库 and 保管期限."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may, require
from qidang.holdings.awaiting import awaiting_filing, papers_awaiting_filing
from qidang.holdings.filing import file_later
from qidang.holdings.models import Record, RetentionRule
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.holdings.columns import RECORDS, TO_FILE
from qidang.web.holdings.forms import RecordFilter, RetentionChangeForm, RetentionForm
from qidang.web.lists.arrangement import arrangement
from qidang.web.lists.export import as_sheet
from qidang.web.lists.paging import sheet

PAPERS = 50
SHOWN = ("contract", "fonds", "retention", "filed_by")


def to_file(request: Asked) -> HttpResponse:
    """待归档: contracts, oldest signing first, and papers that came after the filing."""
    require(request.user, "record.file")
    found = awaiting_filing(request.user)
    shown = {
        "list": arrangement(request, "to_file", TO_FILE),
        "sheet": sheet(request, found.select_related("owner__department"), ("signed_on", "id")),
        "total": found.count(),
        "papers": papers_awaiting_filing(request.user).select_related("contract")[:PAPERS],
    }
    return render(request, "holdings/to_file.html", shown)


def file_paper(request: Asked, uid: UUID) -> HttpResponse:
    """补充归档: a paper that came later becomes a 件 of its own."""
    document = get_object_or_404(papers_awaiting_filing(request.user), uid=uid)
    if request.method == "POST":
        filed = file_later(document, by=request.user)
        messages.success(request, _("已归档，档号 %(reference)s") % {"reference": filed.reference})
    return redirect("holdings:to_file")


def _filtered(request: Asked) -> tuple[RecordFilter, QuerySet[Record]]:
    form = RecordFilter(request.GET)
    found = Record.objects.visible_to(request.user)
    return form, form.narrow(found) if form.is_valid() else found.none()


def records(request: Asked) -> HttpResponse:
    """档案库."""
    require(request.user, "contract.read")
    form, found = _filtered(request)
    shown = {
        "form": form,
        "list": arrangement(request, "records", RECORDS),
        "sheet": sheet(request, found.select_related(*SHOWN), ("-filed_at", "-id")),
        "total": found.count(),
        "may_export": may(request.user, "contract.export"),
    }
    return render(request, "holdings/records.html", shown)


def export(request: Asked) -> HttpResponse:
    """导出档案目录."""
    require(request.user, "contract.export")
    found = _filtered(request)[1].select_related(*SHOWN).order_by("reference")
    look = arrangement(request, "records", RECORDS)
    record_read("record.catalogue_exported", by=request.user, details={"query": look.query})
    return as_sheet(found.iterator(chunk_size=1000), look.columns, _("档案目录"))


def retention(request: Asked) -> HttpResponse:
    """保管期限表, and the form for one more."""
    require(request.user, "record.file")
    form, refusal = RetentionForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            RetentionRule.add(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("保管期限已新增"))
            return redirect("holdings:retention")
    shown = {"rules": RetentionRule.objects.all(), "form": form, "refusal": refusal}
    return render(request, "holdings/retention.html", shown, status=409 if refusal else 200)


def retention_rule(request: Asked, uid: UUID) -> HttpResponse:
    """修改保管期限: its names, and whether it may be chosen."""
    require(request.user, "record.file")
    rule = get_object_or_404(RetentionRule, uid=uid)
    start = {name: getattr(rule, name) for name in ("name_zh", "name_en", "is_active")}
    form = RetentionChangeForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        rule.change(by=request.user, **form.cleaned_data)
        messages.success(request, _("修改已保存"))
        return redirect("holdings:retention")
    return render(request, "holdings/retention_rule.html", {"rule": rule, "form": form})
