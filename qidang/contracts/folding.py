"""Folding of names, so that accidents of typing do not make two of one."""

import unicodedata


def fold(text: str) -> str:
    """Return ``text`` in NFKC, without spaces, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
