"""标签纸: the sheets of labels that stationers sell, by the size of one label in millimetres."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LabelSheet:
    """One kind of paper: ``count`` labels of a page in columns; where they lie stands in labels.css by ``key``."""

    key: str
    words: Any
    count: int


SHEETS = (
    LabelSheet("63x38", _("A4，每页 21 张（63.5×38.1 毫米）"), 21),
    LabelSheet("70x37", _("A4，每页 24 张（70×37 毫米，满版）"), 24),
    LabelSheet("99x38", _("A4，每页 14 张（99.1×38.1 毫米）"), 14),
    LabelSheet("99x67", _("A4，每页 8 张（99.1×67.7 毫米）"), 8),
    LabelSheet("48x25", _("A4，每页 40 张（48.5×25.4 毫米）"), 40),
    LabelSheet("roll", _("标签打印机，一张一页（60×40 毫米）"), 1),
)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
