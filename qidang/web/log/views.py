"""操作日志: what was done, by whom, to what, filtered as the person likes and exported as shown."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qidang.accounts.log import visible_entries
from qidang.ledger import Entry, record_read
from qidang.web.answers import Asked
from qidang.web.lists.arrangement import arrangement
from qidang.web.lists.export import as_sheet
from qidang.web.lists.paging import sheet
from qidang.web.log.columns import COLUMNS
from qidang.web.log.forms import LogFilter

ORDER = ("-at", "-id")
EXPORT_LIMIT = 50_000


def _filtered(request: Asked) -> tuple[LogFilter, QuerySet[Entry]]:
    form = LogFilter(request.GET)
    entries = visible_entries(request.user)
    return form, form.narrow(entries) if form.is_valid() else entries


def entries(request: Asked) -> HttpResponse:
    """操作日志: the list."""
    form, found = _filtered(request)
    look = arrangement(request, "log", COLUMNS)
    page = sheet(request, found.prefetch_related("subjects"), ORDER)
    return render(request, "log/entries.html", {"form": form, "list": look, "sheet": page})


def export(request: Asked) -> HttpResponse:
    """导出: the filtered entries as Excel, newest first; the export itself is recorded."""
    found = _filtered(request)[1]
    look = arrangement(request, "log", COLUMNS)
    rows = found.order_by(*ORDER).prefetch_related("subjects")[:EXPORT_LIMIT]
    record_read("log.exported", by=request.user, details={"query": look.query})
    return as_sheet(_rows(rows), look.columns, _("操作日志"))


def _rows(found: QuerySet[Entry]) -> Iterator[Any]:
    yield from found.iterator(chunk_size=1000)
