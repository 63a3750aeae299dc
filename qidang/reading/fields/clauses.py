"""条款: where the clauses of a contract begin and end, by their numbers and heads."""

import re
from dataclasses import dataclass

NUMBERS = {
    "article": r"第 ?[一二三四五六七八九十百零〇\d]{1,4} ?条(?:之[一二三])?",
    "han": r"[一二三四五六七八九十]{1,3} ?[、.,:]",
    "paren_han": r"\([一二三四五六七八九十]{1,3}\)",
    "figure": r"\d{1,2} ?[.、,](?![\d.]) ?",
    "paren_figure": r"\(\d{1,2}\)",
    "decimal": r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=[ \t]?[\u4e00-\u9fff])",
    "circled": r"[①-⑳]",
}
START = re.compile(
    r"(?:(?<=[\n\t ;。│])|^)(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in NUMBERS.items()) + r")[ \t]*"
)
RANKS = {"article": 0, "han": 1, "paren_han": 2, "figure": 3, "decimal": 4, "paren_figure": 5, "circled": 6, "bare": 7}
HEAD = re.compile(r"[^\n\t:。;, ]{0,24}(?:[: \t]|(?=\n)|$|(?=[。;,]))")
BARE = re.compile(r"(?:(?<=\n)|^)(?P<head>[\u4e00-\u9fff()、]{2,14}):")


@dataclass(slots=True)
class Clause:
    """A clause: the style of its number, its head, and its text from after the head to the next of its level."""

    style: str
    head: str
    start: int
    body: int
    end: int


def clauses_in(text: str) -> list[Clause]:
    """Return the clauses; one ends at the next clause of its own rank or a higher one."""
    clauses = []
    for match in START.finditer(text):
        style = match.lastgroup or ""
        head = HEAD.match(text, match.end())
        words = head[0].rstrip(":\t ") if head else ""
        clauses.append(Clause(style, words, match.start(), head.end() if head else match.end(), len(text)))
    clauses += _unnumbered(text)
    clauses.sort(key=lambda clause: clause.start)
    _close(clauses)
    return clauses


def _unnumbered(text: str) -> list[Clause]:
    """Heads without a number: 付款条件：… at the start of a line."""
    return [Clause("bare", m["head"], m.start(), m.end(), len(text)) for m in BARE.finditer(text)]


def _close(clauses: list[Clause]) -> None:
    """Set where each clause ends: at the next of its own rank or a higher one; a head without number at any."""
    for n, clause in enumerate(clauses):
        rank = RANKS[clause.style]
        after = (other for other in clauses[n + 1 :] if RANKS[other.style] <= rank)
        if clause.style != "bare":
            after = (other for other in after if other.style != "bare")
        end = next(after, None)
        if end:
            clause.end = end.start
