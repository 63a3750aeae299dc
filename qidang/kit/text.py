"""Folding of text, so that accidents of typing do not make two of one. Knows no Django."""

import unicodedata


def fold(text: str) -> str:
    """Return ``text`` in NFKC, without blanks, in lower case: for matching names, never for showing them."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
