"""How an act reads: one sentence per act and language, from ``phrases.toml``.

A phrase names ``{actor}``, ``{subject}`` (the first), ``{others}`` (the rest) or ``{subjects}`` (all of them).
"""

import functools
import pathlib
import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qidang.ledger.models import Entry

PATH = pathlib.Path(__file__).with_name("phrases.toml")
UNKNOWN = {"zh": "{actor}：{act} {subjects}", "en": "{actor}: {act} {subjects}"}
UNFILLED = re.compile("(?<=了)“”的|为?“”")  # what a blank leaves behind
BETWEEN = {"zh": "、", "en": ", "}


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """Return all phrases by act, each with ``zh`` and ``en``."""
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


def sentence(entry: "Entry", language: str = "zh", subject: str = "") -> str:
    """Return ``entry`` as a sentence; ``language`` is any code (zh-hans, en-gb). Its subjects should be prefetched.

    ``subject`` stands for the first where the reader asks about one of many and may not see the others.
    """
    short = _short(language)
    names = [one.name for one in entry.subjects.all()]
    return (
        table()
        .get(entry.act, UNKNOWN)[short]
        .format(
            actor=entry.actor_name,
            act=entry.act,
            subject=subject or (names[0] if names else ""),
            others=BETWEEN[short].join(names[1:]),
            subjects=BETWEEN[short].join(names),
        )
    )


def label(act: str, language: str = "zh") -> str:
    """Return the bare words of an act, for a filter or a column: ``登记了``, ``Registered``; else its code."""
    phrase = table().get(act)
    if phrase is None:
        return act
    blanks = {"actor": "", "act": act, "subject": "", "others": "", "subjects": ""}
    words = UNFILLED.sub("", phrase[_short(language)].format_map(blanks))
    words = " ".join(words.split()).strip('：:，,《》" ()（）').removesuffix(" of").removesuffix(" for")
    return words[:1].upper() + words[1:]


def acts() -> list[str]:
    """Return the codes of all acts that have a phrase, in order."""
    return sorted(table())


def _short(language: str) -> str:
    return "en" if language.lower().startswith("en") else "zh"
