"""Every act reads well in both languages."""

import pathlib
import re

import pytest

from qidang.ledger import Subject, phrases, record
from qidang.ledger.tests.conftest import Somebody

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDED = re.compile(r"\brecord(?:_read)?\(\s*\"([a-z_]+\.[a-z_]+)\"")


@pytest.mark.django_db
def test_an_entry_reads_as_a_sentence(somebody: Somebody, contract: Subject) -> None:
    entry = record("contract.registered", contract, by=somebody)
    assert phrases.sentence(entry) == f"周文澜登记了合同“{contract.name}”"
    assert phrases.sentence(entry, "en") == f"周文澜 registered the contract “{contract.name}”"


@pytest.mark.django_db
def test_an_act_without_a_phrase_still_reads(somebody: Somebody, contract: Subject) -> None:
    assert (
        phrases.sentence(record("thing.unheard_of", contract, by=somebody))
        == f"周文澜：thing.unheard_of {contract.name}"
    )


def test_a_label_is_the_bare_act() -> None:
    assert (phrases.label("contract.registered"), phrases.label("contract.registered", "en")) == (
        "登记了合同",
        "Registered the contract",
    )
    assert phrases.label("password.reset", "en") == "Reset the password"
    assert phrases.label("thing.unheard_of") == "thing.unheard_of"


@pytest.mark.parametrize("act", phrases.acts())
def test_a_phrase_has_both_languages_and_known_blanks(act: str) -> None:
    phrase = phrases.table()[act]
    assert set(phrase) == {"zh", "en"}
    for text in phrase.values():
        assert set(re.findall(r"{(\w*)}", text)) <= {"actor", "subject", "others", "subjects"}


def test_the_phrases_stand_in_order() -> None:
    assert list(phrases.table()) == phrases.acts()


def test_every_act_in_the_code_has_a_phrase() -> None:
    acts = {
        (act, path.parent.name)
        for path in ROOT.rglob("*.py")
        if "tests" not in path.parts
        for act in RECORDED.findall(path.read_text(encoding="utf-8"))
    }
    assert not {act for act in acts if act[0] not in phrases.table()}
