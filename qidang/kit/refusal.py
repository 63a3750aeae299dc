"""拒绝: what the product will not do, said with a code, a reason and the next step.

The words stand in ``qidang/<room>/refusals.toml``, one table per code with ``zh``, ``zh_next``, ``en``, ``en_next``.
"""

import functools
import pathlib
import tomllib
from typing import Any

from django.utils.translation import get_language

ROOT = pathlib.Path(__file__).resolve().parent.parent


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return all refusal texts by code, read once from every room."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(ROOT.glob("*/refusals.toml")):
        texts |= tomllib.loads(path.read_text(encoding="utf-8"))
    return texts


class Refused(Exception):
    """A business refusal: ``code`` (``contract.number_taken``) and the values that its sentence names."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def _text(self, key: str) -> str:
        language = "en" if (get_language() or "zh").startswith("en") else "zh"
        template = catalogue().get(self.code, {}).get(language + key, "" if key else self.code)
        return template.format_map(_Lenient(self.values))

    @property
    def message(self) -> str:
        """The reason, in the language that is active."""
        return self._text("")

    @property
    def next_step(self) -> str:
        """What to do now, in the language that is active."""
        return self._text("_next")

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class _Lenient(dict[str, Any]):
    """A sentence whose value is missing still reads, with the name in its place."""

    def __missing__(self, key: str) -> str:
        return key
