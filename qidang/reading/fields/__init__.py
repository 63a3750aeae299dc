"""要素: what a contract says, read by rules from its text; see field_expressions for the language it is written in."""

from qidang.reading.fields.extracting import NAMES, extract

__all__ = ["NAMES", "extract"]
