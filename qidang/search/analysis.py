"""分词: papers and queries folded to one stream of characters, cut into overlapping bigrams.

Folding is done character by character (NFKC, lower case, 繁→简, accents, kinds of dashes and quotes; blanks, line ends
and invisible characters vanish), so every place in the folded stream has a place in the original. A needle of two or
more folded characters occurs in the stream exactly when its bigrams stand one after the other. How pages are joined to
one stream says ``joining``.
"""

import functools
import itertools
import re
import unicodedata

import opencc

SEPARATOR = "\ue000"  # private use: stands between papers in a stream, never in folded text
_DASHES = dict.fromkeys("‐‑‒–—―−─━﹘﹣－", "-")
_QUOTES = dict.fromkeys("“”„‟〝〞＂", '"') | dict.fromkeys("‘’‚‛＇`´", "'") | dict.fromkeys("・•‧∙⋅", "·")
_BROKEN_WORD = re.compile(r"(?<=[a-z])-(?=[ \t]*\r?\n\s*[a-z])")
_DROPPED = {"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}
_WORD = re.compile(r"[a-z0-9]+")


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


class _Folding(dict[int, str]):
    """The folded form of each code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _DASHES or character in _QUOTES:
        return (_DASHES | _QUOTES)[character]
    plain = unicodedata.normalize("NFKC", character)
    if not any("぀" <= part <= "ヿ" for part in plain):
        plain = unicodedata.normalize("NFKD", plain)
    kept = [part for part in plain.casefold() if not part.isspace() and unicodedata.category(part) not in _DROPPED]
    return "".join(_simplifier().convert(part) if part >= "\u3400" else part for part in kept)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return ``text`` folded: one string without any blank."""
    return _join_broken_words(text).translate(_FOLDING)


def _join_broken_words(text: str) -> str:
    """A hyphen at a line end inside a Latin word becomes a soft one, which folding drops."""
    return _BROKEN_WORD.sub("\u00ad", text) if "-" in text else text


def places(text: str) -> list[int]:
    """Return, for each folded character of ``text``, its index in ``text``."""
    return [index for index, code in enumerate(map(ord, _join_broken_words(text))) for _ in _FOLDING[code]]


def bigrams(stream: str) -> list[str]:
    """Return the overlapping pairs of a folded stream, in order."""
    return list(map("".join, itertools.pairwise(stream)))


def words(text: str) -> list[str]:
    """Return the whole Latin and digit words of ``text``, lower case, of two to forty characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [word for word in _WORD.findall(plain) if 2 <= len(word) <= 40]
