"""差异: the fields and the lines in which two papers differ, and by what one scan is better, in words."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.web.intake.review_form import EVIDENCE, ReviewForm

if TYPE_CHECKING:
    from qidang.intake.scans import Trait
    from qidang.reading.paper import Extraction, Paper

MOST_LINES, MOST_SHOWN = 800, 60
PARTIES = {"seller": gettext_lazy("卖方"), "buyer": gettext_lazy("买方")}
PARTIES |= {"party_a": gettext_lazy("甲方"), "party_b": gettext_lazy("乙方")}
Differing = tuple[str, str, str]


def fields_differing(here: Extraction | None, there: Extraction | None) -> list[Differing]:
    """Return label and both values of each field that was read differently, or on one side only."""
    found = []
    for label, name in _names():
        mine, theirs = _value(here, name), _value(there, name)
        if mine != theirs:
            found.append((label, mine, theirs))
    return found


def _names() -> list[tuple[str, str]]:
    labelled = [
        (str(field.label), EVIDENCE[into]) for into, field in ReviewForm.base_fields.items() if into in EVIDENCE
    ]
    return labelled + [(str(words), name) for name, words in PARTIES.items()]


def _value(read: Extraction | None, name: str) -> str:
    if read is None:
        return ""
    if name == "contract_type":
        return read.contract_type or ""
    found = read.fields.get(name)
    return str(found.value) if found and found.value is not None else ""


def text_differing(here: Paper, there: Paper) -> list[tuple[str, str]]:
    """Return the runs of lines that differ, mine and theirs; blanks do not count, and only the first are returned."""
    mine, theirs = _lines(here), _lines(there)
    matcher = difflib.SequenceMatcher(None, _plain(mine), _plain(theirs), autojunk=False)
    runs = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            runs.append(("\n".join(mine[a:b]), "\n".join(theirs[c:d])))
    return runs[:MOST_SHOWN]


def _plain(lines: list[str]) -> list[str]:
    return ["".join(line.split()) for line in lines]


def _lines(paper: Paper) -> list[str]:
    return [line for line in paper.text.replace("\f", "\n").split("\n") if line.strip()][:MOST_LINES]


def trait_words(trait: Trait) -> str:
    """Return in words by what a scan is better."""
    here, there = trait.here, trait.there
    if trait.name == "clearer":
        return _("认得更清楚：把握 %(here)s，另一份 %(there)s") % {"here": f"{here:.2f}", "there": f"{there:.2f}"}
    if trait.name == "upright":
        return _("页面更正：要转正的 %(here)s 页，另一份 %(there)s 页") % {"here": int(here), "there": int(there)}
    if trait.name == "finer":
        said = {"here": f"{here / 1e6:.1f}", "there": f"{there / 1e6:.1f}"}
        return _("像素更多：%(here)s 百万，另一份 %(there)s 百万") % said
    return _("页数更多：%(here)s 页，另一份 %(there)s 页") % {"here": int(here), "there": int(there)}
