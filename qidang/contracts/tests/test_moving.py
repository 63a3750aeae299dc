"""移动文件: a paper with its versions goes to the contract that it belongs to."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, Document, Hold
from qidang.contracts.moving import move
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.contracts.withdrawing import withdraw
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def scan_of(contract: Contract, cast: Cast, a_paper: PaperMaker) -> Document:
    document = contract.add_document(a_paper("b", "扫描.pdf", kind="SCAN"), by=cast.salesperson)
    document.add_version(a_paper("c", "扫描-清晰.pdf"), by=cast.salesperson, why="更清晰")
    contract.refresh_from_db()
    return document


def test_a_paper_goes_with_its_versions_and_both_contracts_tell_it(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    source, to = registered(paper=a_paper("a")), registered()
    document = scan_of(source, cast, a_paper)
    move(document, to, why=" 放错了 ", by=cast.salesperson)
    assert [version.filename for version in to.documents.get().versions.all()] == ["扫描.pdf", "扫描-清晰.pdf"]
    source.refresh_from_db()
    to.refresh_from_db()
    assert (source.has_scan, to.has_scan) == (False, True)
    entry = follow(0)[-1]
    assert entry.act == "document.moved"
    assert [one.uid for one in entry.subjects.all()] == [document.uid, source.uid, to.uid]


def test_who_may_not_edit_both_is_refused(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    mine, theirs = registered(), registered(by="rival")
    document = scan_of(mine, cast, a_paper)
    for person in (cast.salesperson, cast.rival, cast.lawyer):
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            move(document, theirs, why="放错了", by=person)


def test_what_cannot_be_moved_is_refused_and_stays(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    source, to, gone, twin = registered(), registered(), registered(), registered(paper=a_paper("c", "同样的.pdf"))
    document = scan_of(source, cast, a_paper)
    withdraw(gone, why="登重了", by=cast.salesperson)
    cases = (
        (to, "", "document.move_unexplained"),
        (source, "错", "document.there_already"),
        (gone, "错", "contract.withdrawn"),
        (twin, "错", "contract.same_bytes"),
    )
    for target, why, code in cases:
        with pytest.raises(Refused) as refusal:
            move(document, target, why=why, by=cast.salesperson)
        assert refusal.value.code == code
    Hold.place(source, why="起诉", holder="法务部", by=cast.lawyer)
    with pytest.raises(Refused, match=r"contract\.held"):
        move(document, to, why="放错了", by=cast.salesperson)
    assert Document.objects.get(pk=document.pk).contract == source


def test_a_paper_that_somebody_moved_meanwhile_is_not_moved_twice(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    source, to, other = registered(), registered(), registered()
    document = scan_of(source, cast, a_paper)
    seen = Document.objects.select_related("contract").get(pk=document.pk)
    move(document, to, why="放错了", by=cast.salesperson)
    with pytest.raises(Refused, match=r"document\.moved_meanwhile"):
        move(seen, other, why="放错了", by=cast.salesperson)
