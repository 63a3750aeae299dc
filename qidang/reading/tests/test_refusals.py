"""Every code that this room gives has its words in both languages."""

import pathlib
import re

from qidang.kit.refusal import catalogue

ROOM = pathlib.Path(__file__).resolve().parent.parent


def test_every_code_has_its_words() -> None:
    sources = [*ROOM.glob("*.py"), *ROOM.glob("formats/*.py")]
    codes = {code for path in sources for code in re.findall(r'"(reading\.[a-z_]+)"', path.read_text(encoding="utf-8"))}
    modules = {f"reading.{path.stem}" for path in sources}
    words = catalogue()
    assert not codes - modules - set(words)
    for code in codes - modules:
        assert all(words[code][key] for key in ("zh", "zh_next", "en", "en_next"))
