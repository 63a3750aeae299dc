"""自动编号: the numbers that Word writes before paragraphs, which stand in no text."""

from dataclasses import dataclass, field

from qidang.reading.formats.xml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
BULLET = "•"


@dataclass
class Level:
    """One level of a list: first number, format, pattern (``第%1条``), and what stands between it and the text."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    gap: str = "tab"
    is_legal: bool = False
    restart: int | None = None


@dataclass
class Scheme:
    """A list's levels and how far it has counted; lists that share a definition count together."""

    levels: dict[int, Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Counting:
    """Numbers the paragraphs of one document in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._schemes: dict[str, Scheme] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = _style_numbers(styles)
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Element) -> None:
        for definition in numbering.iter(W + "abstractNum"):
            key = definition.get(W + "abstractNumId", "")
            levels = {int(level.get(W + "ilvl", "0")): _level(level) for level in definition.iter(W + "lvl")}
            self._schemes[key] = Scheme(levels)
            link = definition.find(W + "numStyleLink")
            if link is not None:
                self._links[key] = link.get(W + "val", "")
        for number in numbering.iter(W + "num"):
            key = number.get(W + "numId", "")
            self._lists[key] = _value(number, "abstractNumId")
            for override in number.iter(W + "lvlOverride"):
                start = override.find(W + "startOverride")
                if start is not None:
                    level = int(override.get(W + "ilvl", "0"))
                    self._overrides.setdefault(key, {})[level] = _whole(start.get(W + "val"), 1)

    def label(self, paragraph: Element) -> str:
        """Return what Word writes before the paragraph, with its gap; empty for a paragraph without number."""
        number, level = self._of(paragraph)
        scheme = self._scheme(number)
        if scheme is None or level not in scheme.levels:
            return ""
        self._count(scheme, number, level)
        definition = scheme.levels[level]
        if definition.form == "bullet":
            return BULLET + " "
        text = definition.pattern
        for above in range(level, -1, -1):
            form = scheme.levels[above].form if above in scheme.levels else "decimal"
            form = "decimal" if definition.is_legal else form
            value = scheme.counts.get(above, scheme.levels[above].start if above in scheme.levels else 1)
            text = text.replace(f"%{above + 1}", written(value, form))
        return text + ("" if definition.gap == "nothing" or not text else " ")

    def _of(self, paragraph: Element) -> tuple[str, int]:
        number, level = "", 0
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return self._styles.get("", ("", 0))
        style = properties.find(W + "pStyle")
        number, level = self._styles.get("" if style is None else style.get(W + "val", ""), ("", 0))
        own = properties.find(W + "numPr")
        if own is not None:
            number = _value(own, "numId") or number
            level = _whole(_value(own, "ilvl"), level)
        return number, level

    def _scheme(self, number: str) -> Scheme | None:
        if number in ("", "0"):
            return None
        key = self._lists.get(number, "")
        link = self._links.get(key)
        if link is not None:
            key = self._lists.get(self._styles.get(link, ("", 0))[0], key)
        return self._schemes.get(key)

    def _count(self, scheme: Scheme, number: str, level: int) -> None:
        definition = scheme.levels[level]
        override = self._overrides.get(number, {}).get(level)
        if override is not None and (number, level) not in self._started:
            scheme.counts[level] = override
        else:
            scheme.counts[level] = scheme.counts.get(level, definition.start - 1) + 1
        self._started.add((number, level))
        for below in [key for key in scheme.counts if key > level]:
            restart = scheme.levels[below].restart if below in scheme.levels else None
            if restart is None or (restart and level < restart):
                del scheme.counts[below]


def written(value: int, form: str) -> str:
    """Return a number in one of Word's formats."""
    if form in ("none", "bullet"):
        return ""
    writers = {
        "lowerLetter": lambda: _letters(value).lower(),
        "upperLetter": lambda: _letters(value),
        "lowerRoman": lambda: _roman(value).lower(),
        "upperRoman": lambda: _roman(value),
        "decimalZero": lambda: f"{value:02d}",
        "decimalFullWidth": lambda: str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "decimalEnclosedCircle": lambda: chr(0x245F + value) if 0 < value <= 20 else f"({value})",
        "decimalEnclosedCircleChinese": lambda: chr(0x245F + value) if 0 < value <= 20 else f"({value})",
        "decimalEnclosedParen": lambda: chr(0x2473 + value) if 0 < value <= 20 else f"({value})",
        "decimalEnclosedFullstop": lambda: chr(0x2487 + value) if 0 < value <= 20 else f"{value}.",
        "ideographTraditional": lambda: STEMS[(value - 1) % 10],
        "ideographZodiac": lambda: BRANCHES[(value - 1) % 12],
        "ideographDigital": lambda: "".join(DIGITS[int(digit)] for digit in str(value)),
        "taiwaneseDigital": lambda: "".join(DIGITS[int(digit)] for digit in str(value)),
        "chineseLegalSimplified": lambda: chinese(value, FORMAL, "拾佰仟"),
    }
    if form in writers:
        return writers[form]()
    if form.startswith(("chinese", "taiwanese", "japanese", "ideograph")):
        return chinese(value)
    return str(value)


def chinese(value: int, digits: str = DIGITS, units: str = "十百千") -> str:
    """Return 0 to 9999 as Chinese counts: 十二, 一百零五."""
    if not 0 < value < 10_000:
        return str(value)
    text, is_gap = "", False
    for place in range(len(str(value)) - 1, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += ("零" if is_gap else "") + digits[digit] + (units[place - 1] if place else "")
        is_gap = bool(text) and not digit
    return text[1:] if digits == DIGITS and 10 <= value < 20 else text


def _letters(value: int) -> str:
    return chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < 1000 else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for worth, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (value // worth)
        value %= worth
    return text


def _level(element: Element) -> Level:
    legal = element.find(W + "isLgl")
    restart = element.find(W + "lvlRestart")
    return Level(
        start=_whole(_value(element, "start"), 1),
        form=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText"),
        gap=_value(element, "suff") or "tab",
        is_legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false"),
        restart=None if restart is None else _whole(restart.get(W + "val"), 0),
    )


def _style_numbers(styles: Element | None) -> dict[str, tuple[str, int]]:
    """Return list and level by paragraph style, taken over from the styles that a style is based on."""
    if styles is None:
        return {}
    own: dict[str, tuple[str, int | None]] = {}
    above: dict[str, str] = {}
    result: dict[str, tuple[str, int]] = {}
    for style in styles.iter(W + "style"):
        key = style.get(W + "styleId", "")
        above[key] = _value(style, "basedOn")
        number = style.find(f"{W}pPr/{W}numPr")
        if number is not None:
            depth = _value(number, "ilvl")
            own[key] = (_value(number, "numId"), int(depth) if depth.isdigit() else None)
    for key in above:
        line = _line(key, above)
        found = next((own[name][0] for name in line if name in own and own[name][0]), "")
        level = next((own[name][1] for name in line if name in own and own[name][1] is not None), 0)
        if found:
            result[key] = (found, level or 0)
    return result


def _line(style: str, above: dict[str, str]) -> list[str]:
    """Return a style and those that it is based on, nearest first."""
    line: list[str] = []
    while style and style not in line:
        line.append(style)
        style = above.get(style, "")
    return line


def _value(element: Element, name: str) -> str:
    child = element.find(W + name)
    return "" if child is None else child.get(W + "val", "")


def _whole(text: str | None, otherwise: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return otherwise
