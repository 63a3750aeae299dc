"""Interim folding until ``kit.text`` is there."""

import unicodedata


def fold(text: str) -> str:
    """Return ``text`` in NFKC, without spaces, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
