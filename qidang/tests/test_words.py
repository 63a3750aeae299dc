"""The words of refusals: whole sentences, and one word for one thing."""

import re

from qidang.tests import code

ENDS = re.compile(r"([。？！.?!]|[：:]\s*\{\w+\}( \{\w+\})?)[”’」）)]?$")  # a sentence, or what is wrong after a colon
CARELESS = {"口令": "密码"}  # what vocabulary and pages call it


def test_every_refusal_is_a_whole_sentence() -> None:
    wrong = [
        f"{name} {key}: {text}"
        for table in code.tables("refusals").values()
        for name, row in table.items()
        for key, text in row.items()
        if text and not ENDS.search(text)
    ]
    assert wrong == []


def test_a_thing_has_one_word() -> None:
    wrong = [
        f"{path.relative_to(code.ROOT)}: {word}, say {right}"
        for pattern in ("**/*.toml", "**/templates/**/*.html", "**/static/**/*.js")
        for path in code.HOUSE.glob(pattern)
        for word, right in CARELESS.items()
        if word in path.read_text(encoding="utf-8")
    ]
    assert wrong == []
