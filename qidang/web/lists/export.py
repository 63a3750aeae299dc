"""导出: exactly the rows and columns that are shown, as Excel."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from qidang.kit.clock import today
from qidang.kit.sheets import write_sheet
from qidang.web.answers import attachment
from qidang.web.lists.columns import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_sheet(rows: Iterable[Any], columns: Sequence[Column], name: str) -> HttpResponse:
    """Return ``rows`` as an Excel file with exactly ``columns``, named ``name_YYYYMMDD.xlsx``."""
    written = ([column.value(row) for column in columns] for row in rows)
    data = write_sheet(written, [str(column.label) for column in columns])
    return attachment(data, f"{name}_{today():%Y%m%d}.xlsx", XLSX)
