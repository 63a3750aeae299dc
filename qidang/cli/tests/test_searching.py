"""检索 by command: who searched, and with whose eyes, both stand in the ledger."""

from argparse import Namespace

import pytest

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.cli import search
from qidang.ledger.models import Entry
from qidang.ledger.phrases import sentence

pytestmark = pytest.mark.django_db


def asked(username: str) -> Namespace:
    """The arguments of a search."""
    return Namespace(query="加工中心", username=username, sort="relevance", offset=0, limit=5, json=True)


def test_a_search_with_the_rights_of_a_person_names_both(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert search.run(asked("lawyer")) == 0
    entry = Entry.objects.get(act="search.run_as")
    assert entry.actor_uid == User.objects.cli().uid
    assert [one.uid for one in entry.subjects.all()] == [cast.lawyer.uid]
    assert "以宋明淇的权限检索了合同" in sentence(entry)
    assert "加工中心" not in bytes(entry.canonical).decode()


def test_a_search_of_the_caller_names_him_alone(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert search.run(asked("")) == 0
    assert not Entry.objects.get(act="search.run").subjects.exists()
