"""折叠: one form for full width, half width and look-alike characters, one for one, so that offsets stay true."""

import re
import unicodedata

KEPT = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳²³¹½¼¾…")
DASHES = {ord(dash): ord("-") for dash in "—–―‐‑‒−﹣－"}
OTHERS = {
    0xFFE5: ord("¥"),
    0xA0: 32,
    0x3000: 32,
    ord("〈"): ord("《"),
    ord("〉"): ord("》"),
    ord("〔"): ord("("),
    ord("〕"): ord(")"),
}
OTHERS |= dict.fromkeys(range(8192, 8204), 32)


POINT = re.compile(r"(?<=[\u4e00-\u9fff）)”」])(?<!^[一二三四五六七八九十])(?<!\s[一二三四五六七八九十])．")


BROAD = re.compile("[\u2000-\U0010ffff]+")


class _Folding(dict[int, int]):
    """Character → character; filled as characters are met."""

    def __missing__(self, code: int) -> int:
        folded = unicodedata.normalize("NFKC", chr(code))
        self[code] = ord(folded) if len(folded) == 1 and chr(code) not in KEPT else code
        return self[code]


_FOLDING = _Folding(DASHES | OTHERS)


def fold(text: str) -> str:
    """Return ``text`` with full width, compatibility forms, dashes and blanks folded, of the same length.

    A full-width point behind a Han character ends a sentence, as 。 does; behind a number it is a point.
    """
    if "．" in text:
        text = POINT.sub("。", text)
    return text.translate(_FOLDING)


def breadth(text: str) -> int:
    """Return how many half-width columns ``text`` takes."""
    return len(text) + sum(map(len, BROAD.findall(text)))
