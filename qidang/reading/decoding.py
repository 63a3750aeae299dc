"""Bytes to text: byte order marks, UTF-8, then the Chinese encodings by which of them gives the likelier text."""

import re

import charset_normalizer

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_PAIRS = re.compile(rb"[\x00-\x7f]|([\x81-\xfe])([\x40-\x7e\x80-\xfe])|(.)", re.S)
LIKELY = 0.6


def decode(content: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text and the name of its encoding; bytes that fit none come out as U+FFFD.

    ``declared`` is what the file itself says (HTML meta, mail header); it is believed when the bytes bear it out.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace"), name
    if content[:4000].count(0) > len(content[:4000]) // 4:
        name = "utf-16-le" if content[1:4000:2].count(0) > content[0:4000:2].count(0) else "utf-16-be"
        return content.decode(name, "replace"), name
    for name in filter(None, ("utf-8", _alias(declared))):
        text = _strict(content, name)
        if text is not None:
            return text, name
    return _guess(content)


def _alias(declared: str) -> str:
    """Return the encoding under its widest name: GB2312 and GBK are both GB18030 in practice."""
    name = declared.strip().strip("\"'").lower().replace("_", "-")
    if name in ("gb2312", "gbk", "gb-2312", "gb2312-80", "x-gbk", "cp936", "gb18030", "hz-gb-2312"):
        return "gb18030" if name != "hz-gb-2312" else "hz"
    return {"big5": "big5hkscs", "x-x-big5": "big5hkscs"}.get(name, name)


def _strict(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(content: bytes) -> tuple[str, str]:
    """Return the text in the Chinese encoding whose common characters the bytes are, otherwise by statistics."""
    simplified, traditional, whole = _shares(content[:60_000])
    name = "gb18030" if simplified >= traditional else "big5hkscs"
    if max(simplified, traditional) > LIKELY:
        return content.decode(name, "replace"), name
    if whole > 0.9 and len(content) > 20:  # mostly UTF-8 with a broken place
        return content.decode("utf-8", "replace"), "utf-8"
    best = charset_normalizer.from_bytes(content[:200_000]).best()
    name = best.encoding if best is not None else "cp1252"
    return content.decode(name, "replace"), name


def _shares(content: bytes) -> tuple[float, float, float]:
    """Return which share of the wide characters is common in GB 2312, common in Big5, and whole in UTF-8.

    The 3,755 everyday characters of GB 2312 have lead bytes B0 to D7 and trail bytes from A1, those of Big5 lead
    bytes A4 to C6 and any trail; half of Big5's trail bytes are below A1, so that neither looks like the other.
    """
    wide = simplified = traditional = 0
    for lead, trail, stray in _PAIRS.findall(content):
        if lead or stray:
            wide += 1
        if lead:
            is_mark = b"\xa1" <= lead <= b"\xa3"
            simplified += trail >= b"\xa1" and (is_mark or b"\xb0" <= lead <= b"\xd7")
            traditional += is_mark or b"\xa4" <= lead <= b"\xc6"
    if not wide:
        return 0.0, 0.0, 1.0
    lost = content.decode("utf-8", "replace").count("\ufffd")
    return simplified / wide, traditional / wide, 1.0 - 3 * lost / len(content)
