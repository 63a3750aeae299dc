"""A gate for text that was read "successfully" but is none: mojibake, replacement characters, private codes."""

import re

_MOJIBAKE = re.compile(r"(?:[À-ÿ¡-¿ŒœŠšŽžŸ€‚ƒ„…†‡ˆ‰‹›“”•–—˜™¤§°±²³´µ¶·¸¹º]{2,}\s?){3,}")
_LOST = re.compile("[\ufffd\ue000-\uf8ff\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_OTHER = re.compile(r"[\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+")
_COMMON = re.compile(r"[的一是不在有和人这中为上个国同合方甲乙第条款产规定应按日期本年月双支付货物验收质量责任]")
_USUAL_LATIN = frozenset("éèêëàâäáåãçñöóòôõøüúùûíìîïßÉÈÀÄÖÜÅÇÑ·°§±×÷–—“”‘’…€£¥©®™•«»²³")


def is_garbage(text: str) -> bool:
    """Return whether ``text`` is unreadable; short texts get the benefit of the doubt."""
    solid = "".join(text.split())
    if len(solid) < 20:
        return bool(solid) and _lost(solid) * 2 > len(solid)
    return _lost(solid) > 0.2 * len(solid) or _mojibake(text) > 0.2 * len(solid) or _wrong_chinese(solid)


def _lost(solid: str) -> int:
    """Count replacement, private-use, control and lone surrogate characters."""
    return sum(map(len, _LOST.findall(solid)))


def _mojibake(text: str) -> int:
    """Count characters in runs of Latin-1 that no language writes: Chinese bytes decoded as Western."""
    runs = (match.group() for match in _MOJIBAKE.finditer(text))
    return sum(len("".join(run.split())) for run in runs if sum(char in _USUAL_LATIN for char in run) < 0.8 * len(run))


def _wrong_chinese(solid: str) -> bool:
    """Return whether much Chinese stands there without any of the characters that every Chinese text has."""
    han, other = (sum(map(len, runs.findall(solid))) for runs in (_HAN, _OTHER))
    chinese = han + other  # Japanese and Korean write with more than Han
    if chinese < 60 or chinese < 0.3 * len(solid):
        return False
    return other < 0.15 * chinese and len(_COMMON.findall(solid)) < 0.03 * chinese
