"""拒绝: a code, a reason and the next step, in the language that is active."""

import pytest
from django.utils import translation

from qidang.kit import refusal
from qidang.kit.refusal import Refused

TEXTS = {
    "thing.taken": {
        "zh": "编号{number}已被使用",
        "zh_next": "请换一个",
        "en": "{number} is taken",
        "en_next": "Choose another",
    }
}


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with one refusal."""
    monkeypatch.setattr(refusal, "catalogue", lambda: TEXTS)


def test_a_refusal_speaks_the_language_that_is_active() -> None:
    refused = Refused("thing.taken", number="A-1")
    with translation.override("zh-hans"):
        assert (refused.message, refused.next_step) == ("编号A-1已被使用", "请换一个")
    with translation.override("en"):
        assert (refused.message, refused.next_step) == ("A-1 is taken", "Choose another")
        assert str(refused) == "A-1 is taken [thing.taken]"


def test_a_refusal_without_words_or_values_still_reads() -> None:
    assert Refused("thing.unknown").message == "thing.unknown"
    assert Refused("thing.unknown").next_step == ""
    assert Refused("thing.taken").message == "编号number已被使用"
