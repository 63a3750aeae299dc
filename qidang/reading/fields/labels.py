"""标签: the words by which contracts announce a field, and where they stand in a copy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qidang.reading.fields.vocabulary import BUYER, COLUMN_HEADS, FIRST, KINDS, OUTSIDE, SECOND, SELLER

AXES = {"甲方": "a", "乙方": "b"}
AXES |= dict.fromkeys(SELLER, "seller") | dict.fromkeys(BUYER, "buyer")
AXES |= dict.fromkeys(FIRST, "first") | dict.fromkeys(SECOND, "second") | dict.fromkeys(OUTSIDE, "outside")

KIND_OF = {label: kind for kind, labels in KINDS.items() for label in labels}
KIND_OF |= dict.fromkeys(
    ("Contract No.", "Contract NO.", "CONTRACT NO.", "Contract No", "S/C No.", "S/C NO."), "number"
)
SIDE_SUFFIX = r"(?:出市|单位|公司|授权|签约|法人|的|方)?"
NAME_SUFFIX = r"(?:单位名称|公司名称|名称|全称|单位|为|公章|签章|盖章|签字盖章|签名|签字)?"
ENGLISH = r"(?: ?/?[A-Za-z][A-Za-z. '/]{1,24}(?=:))?"
BRACKETS = r"(?P<brackets>(?: ?[(\[][^()\[\]\n\t:]{1,16}[)\]]){0,3})"
SEPARATOR = r"(?P<sep> ?[:;](?=[^\n])[ \t]?| ?[:;](?=\n|$)|[ \t]|(?=\n)|$|(?=[A-Z0-9]))"
AT = r"(?:(?<=[\n\t ;。,:|)])|^)(?:[①-⑳]|\d{1,2}[.、] ?|[(]\d{1,2}[)] ?|[一二三四五六七八九十]{1,3}、|\*)?"
MARKUP = r"(?:签字盖章|签名盖章|签字|签名|签章|盖章|姓名|印章)?"


def _any(words: Iterable[str], gap: str = "") -> str:
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(gap.join(re.escape(char) for char in word) for word in ordered)


ROLE = _any(AXES)
PARTY_MARK = re.compile(rf"{AT}(?P<label>{ROLE}){NAME_SUFFIX}{ENGLISH}{BRACKETS}{SEPARATOR}")
FIELD_MARK = re.compile(
    rf"{AT}(?:或|及|和)?(?P<side>(?:{ROLE}){SIDE_SUFFIX})?(?P<label>{_any(KIND_OF)})(?P<or>[或及和/、]其?"
    rf"(?:{_any(KIND_OF)}))?{MARKUP}{ENGLISH}{BRACKETS}{SEPARATOR}"
)
LABEL_AHEAD = re.compile(
    rf"(?:(?:{ROLE}){SIDE_SUFFIX})?(?:{_any([*KIND_OF, *AXES, *COLUMN_HEADS])})(?:[或及和/、]其?"
    rf"(?:{_any(KIND_OF)}))?{MARKUP}{NAME_SUFFIX}(?: ?\([^"
    rf"()\n]{{1,12}}\))*(?=[:\t ]|$)"
)
SPREADABLE = [word for word in [*KIND_OF, *AXES, *COLUMN_HEADS] if len(word) > 1 and not word.isascii()]
SPREAD = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_any(SPREADABLE, ' *')})(?=[ ]*[:"
    rf"(\t]| |$)"
)
_LETTERS = "".join(sorted({re.escape(char) for word in SPREADABLE for char in word}))
SPREAD_GAP = re.compile(f"[{_LETTERS}] +[{_LETTERS}]")  # without it no label is spread: most lines end here
GLUED = re.compile(
    rf"(?<=[\u4e00-\u9fffA-Za-z0-9)/.])(?:(?:{ROLE}){SIDE_SUFFIX})?"
    rf"(?:{_any([*(w for w in KIND_OF if len(w) > 1), *AXES, '计量单位', '交货地点', '牌号商标'])})"
    rf"{MARKUP}(?: ?\([^()\n]{{1,8}}\))?:"
    r"|(?<=[\u4e00-\u9fff])(?:法定代表人|委托代理人|授权代表)(?= [\u4e00-\u9fff]{2,4}(?:[\t ]|$))"
)
KNOWN = re.compile(_any([*(w for w in KIND_OF if len(w) > 1), *AXES]))
NEXT_LABEL = re.compile(
    r"[ \t](?=[\u4e00-\u9fffA-Za-z/()]{2,14} ?:)|[ \t](?=[一二三四五六七八九十]{1,3}、|\d{1,2}[.、] ?[\u4e00-\u9fff])"
)
ROLE_IN = re.compile(ROLE)


@dataclass(slots=True)
class Mark:
    """A label in the copy: its kind, and the stretch in which its value stands (empty when there is none)."""

    kind: str
    label: str
    start: int
    end: int
    value: tuple[int, int]
    side: str = ""  # the role written before the label: 供方代表 → 供方
    brackets: str = ""
    has_colon: bool = True


def marks_in(text: str) -> list[Mark]:
    """Return the labels of a copy in order, the kind ``party`` for roles; a value ends where the next label begins."""
    hits = [*_hits(PARTY_MARK, text), *_hits(FIELD_MARK, text)]
    hits.sort(key=lambda mark: (mark.start, -mark.end))
    marks: list[Mark] = []
    for mark in hits:
        if not marks or mark.start >= marks[-1].end:
            marks.append(mark)
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        mark.value = _value_of(text, mark, after.start if after else len(text))
    return marks


def _hits(pattern: re.Pattern[str], text: str) -> Iterable[Mark]:
    for match in pattern.finditer(text):
        label, side = match["label"], match.groupdict().get("side") or ""
        kind = KIND_OF.get(label, "party") if pattern is FIELD_MARK else "party"
        sep = match["sep"]
        if kind in ("legal",) and match.groupdict().get("or"):
            kind = "agent"
        start = match.start("side") if side else match.start("label")
        role = ROLE_IN.match(side)
        yield Mark(
            kind,
            label,
            start,
            match.end(),
            (match.end(), match.end()),
            role[0] if role else "",
            match["brackets"],
            ":" in sep,
        )


def _value_of(text: str, mark: Mark, limit: int) -> tuple[int, int]:
    """Return where the value stands: up to the next label, a gap, or the end of the line."""
    start = mark.end
    if start < limit and text[start] == "\t" and (mark.has_colon or text[start - 1 : start] != "\t"):
        start += 1
    end = text.find("\n", start)
    end = min(len(text) if end < 0 else end, max(limit, start))
    tab = text.find("\t", start, end)
    if tab >= 0:
        end = tab
    after = NEXT_LABEL.search(text, start, min(end + 16, len(text)))
    if after and start < after.start() < end:
        end = after.start()
    while start < end and text[start] in " \t_":
        start += 1
    while end > start and text[end - 1] in " \t_":
        end -= 1
    return start, end
