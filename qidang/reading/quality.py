"""A gate for text that was read "successfully" but is none: mojibake, replacement characters, private codes."""

import re

_MOJIBAKE = re.compile(r"(?:[À-ÿ¡-¿ŒœŠšŽžŸ€‚ƒ„…†‡ˆ‰‹›“”•–—˜™¤§°±²³´µ¶·¸¹º]{2,}\s?){3,}")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
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
    return sum(
        char == "\ufffd"
        or "\ue000" <= char <= "\uf8ff"
        or char < " "
        or "\x7f" <= char < "\xa0"
        or "\ud800" <= char <= "\udfff"
        for char in solid
    )


def _mojibake(text: str) -> int:
    """Count characters in runs of Latin-1 that no language writes: Chinese bytes decoded as Western."""
    runs = (match.group() for match in _MOJIBAKE.finditer(text))
    return sum(len("".join(run.split())) for run in runs if sum(char in _USUAL_LATIN for char in run) < 0.8 * len(run))


def _wrong_chinese(solid: str) -> bool:
    """Return whether much Chinese stands there without any of the characters that every Chinese text has."""
    chinese = _CJK.findall(solid)
    if len(chinese) < 60 or len(chinese) < 0.3 * len(solid):
        return False
    other = sum(not "\u3400" <= char <= "\u9fff" for char in chinese)  # Japanese and Korean write with more than Han
    return other < 0.15 * len(chinese) and len(_COMMON.findall(solid)) < 0.03 * len(chinese)
