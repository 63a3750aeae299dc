"""档号: the reference code of a record filed by item, DA/T 13-2022 and DA/T 22-2015.

``Q001-HT·2026-D30-XSB-0012``: 全宗号-门类代码·年度-保管期限代码-机构(问题)代码-件号. ``-`` stands between levels,
``·`` (U+00B7) between codes of one level; the 机构 level may be left out where the scheme has none.
"""

import dataclasses
import re
import unicodedata
from typing import Self

FONDS = r"[A-Z0-9]{4,8}"
CATEGORY = r"[A-Z]{2}(?:·[A-Z0-9]{2})?"
YEAR = r"(?:19|20)\d{2}"
RETENTION = r"Y|D\d{2}"
ORG = r"[A-Z0-9]{3}"
ITEM = r"\d{4,}"
SEPARATOR = "·"
FOUND = re.compile(rf"({FONDS})-({CATEGORY})·({YEAR})-({RETENTION})-(?:({ORG})-)?({ITEM})")
DOTS = str.maketrans(dict.fromkeys("・•‧∙⋅", SEPARATOR))


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """档号 in its segments; ``item`` counts from 1 within all the others."""

    fonds: str
    category: str
    year: int
    retention: str
    org: str
    item: int

    def __str__(self) -> str:
        levels = [self.fonds, f"{self.category}{SEPARATOR}{self.year}", self.retention, self.org, f"{self.item:04}"]
        return "-".join(level for level in levels if level)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the 档号 that ``text`` writes, full-width letters and other middle dots allowed; None where none."""
        found = FOUND.fullmatch(plain(text))
        if found is None:
            return None
        fonds, category, year, retention, org, item = found.groups()
        return cls(fonds, category, int(year), retention, org or "", int(item))


def plain(text: str) -> str:
    """Return a code as it is kept: narrow letters, upper case, ``·`` as the middle dot, no blanks."""
    narrow = unicodedata.normalize("NFKC", text.translate(DOTS)).translate(DOTS)
    return "".join(narrow.split()).upper()


def fits(pattern: str, code: str) -> bool:
    """Say whether ``code`` has the form of its segment."""
    return re.fullmatch(pattern, code) is not None
