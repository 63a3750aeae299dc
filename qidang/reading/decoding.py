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
_USUAL = re.compile(
    r"[的一是不在有和人这这中为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    r"得经之进着等部度家电力里如水化高自理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
    r"這為個國時來們於對會發動說產種麵後學經進著電裡實兩體製機當點從業應開還約貨買賣方條款項價"
    r"，。、；：“”（）《》！？０-９甲乙丙丁合同约货买卖条款项价元月日0-9]"
)
_CHINESE = ("gb18030", "big5hkscs")


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
    candidates = [(content.decode(name, "replace"), name) for name in ("utf-8", *_CHINESE)]
    text, name = max(candidates, key=lambda candidate: _likelihood(candidate[0]))
    if _likelihood(text) > 0.25:
        return text, name
    best = charset_normalizer.from_bytes(content[:200_000]).best()
    if best is not None:
        return content.decode(best.encoding, "replace"), best.encoding
    return content.decode("cp1252", "replace"), "cp1252"


def _likelihood(text: str) -> float:
    """Return the share of usual Chinese characters among those that are not ASCII, less what was lost."""
    wide = [char for char in text if char > "\x7f"]
    if not wide:
        return 0.0
    usual = len(_USUAL.findall("".join(wide)))
    lost = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in wide)
    return (usual - 4 * lost) / len(wide)
