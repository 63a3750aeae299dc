"""撤销归档: two people, a reason, and a code that never comes back."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.holdings.filing import file, file_later, unfile
from qidang.holdings.models import Record
from qidang.holdings.tests.conftest import Maker, a_paper
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def filed(contract: Contract, cast: Cast) -> Record:
    return file(contract, year=2026, retention="D30", org="XSB", by=cast.archivist)


def test_a_wrong_filing_is_undone_and_its_code_is_never_given_again(cast: Cast, signed: Maker) -> None:
    contract = signed()
    wrong = filed(contract, cast)
    undone = unfile(wrong, by=cast.archivist, second=cast.second_archivist, why=" 归错年度 ")
    contract.refresh_from_db()
    assert (contract.filing_status, contract.reference) == ("UNFILED", "")
    assert (undone.why, undone.second) == ("归错年度", cast.second_archivist)
    right = filed(contract, cast)
    assert right.reference == "Q001-HT·2026-D30-XSB-0002"
    assert list(contract.records.live()) == [right]
    assert Record.objects.get(pk=wrong.pk).reference == "Q001-HT·2026-D30-XSB-0001"


def test_both_people_stand_in_the_ledger(cast: Cast, signed: Maker) -> None:
    wrong = filed(signed(), cast)
    unfile(wrong, by=cast.archivist, second=cast.second_archivist, why="归错")
    entry = follow(0)[-1]
    assert (entry.act, entry.actor_uid) == ("record.unfiled", cast.archivist.uid)
    assert cast.second_archivist.uid in [subject.uid for subject in entry.subjects.all()]


@pytest.mark.parametrize("second", ["archivist", "salesperson", "auditor", "outsider"])
def test_without_a_second_person_who_may_it_is_refused(cast: Cast, signed: Maker, second: str) -> None:
    with pytest.raises(Refused, match=r"filing\.second_person"):
        unfile(filed(signed(), cast), by=cast.archivist, second=cast.people[second], why="归错")


def test_who_may_not_cannot_even_with_an_archivist(cast: Cast, signed: Maker) -> None:
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        unfile(filed(signed(), cast), by=cast.salesperson, second=cast.archivist, why="归错")


def test_without_a_reason_it_is_refused(cast: Cast, signed: Maker) -> None:
    with pytest.raises(Refused, match=r"filing\.why_missing"):
        unfile(filed(signed(), cast), by=cast.archivist, second=cast.second_archivist, why="  ")


def test_it_cannot_be_undone_twice(cast: Cast, signed: Maker) -> None:
    wrong = filed(signed(), cast)
    unfile(wrong, by=cast.archivist, second=cast.second_archivist, why="归错")
    with pytest.raises(Refused, match=r"filing\.undone_already"):
        unfile(wrong, by=cast.archivist, second=cast.second_archivist, why="归错")


def test_later_papers_are_undone_before_their_contract(cast: Cast, signed: Maker) -> None:
    contract = signed()
    main = filed(contract, cast)
    part = file_later(contract.add_document(a_paper("补充协议.pdf"), by=cast.salesperson), by=cast.archivist)
    with pytest.raises(Refused, match=r"filing\.has_parts"):
        unfile(main, by=cast.archivist, second=cast.second_archivist, why="归错")
    unfile(part, by=cast.archivist, second=cast.second_archivist, why="归错")
    contract.refresh_from_db()
    assert contract.reference == main.reference
    unfile(main, by=cast.archivist, second=cast.second_archivist, why="归错")
