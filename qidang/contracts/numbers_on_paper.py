"""纸面编号, compared without the accidents of type."""

import unicodedata


def tidy(number: str) -> str:
    """Return a number from paper without the accidents of type: full width, spaces around."""
    return " ".join(unicodedata.normalize("NFKC", number).split())
