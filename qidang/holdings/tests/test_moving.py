"""移动文件 from and to filed contracts."""

import pytest

from qidang.cast import Cast
from qidang.holdings.awaiting import papers_awaiting_filing
from qidang.holdings.filing import file, file_later
from qidang.holdings.moving import move
from qidang.holdings.tests.conftest import Maker, a_paper
from qidang.kit.refusal import Refused


def test_what_stands_in_a_filed_record_stays_and_what_does_not_goes(cast: Cast, signed: Maker) -> None:
    filed, other = signed(), signed(title="另一份")
    file(filed, year=2026, retention="D30", org="", by=cast.archivist)
    with pytest.raises(Refused, match=r"filing\.paper_in_record"):
        move(filed.documents.get(), other, why="放错了", by=cast.archivist)
    late = filed.add_document(a_paper("附件.pdf", kind="ANNEX"), by=cast.archivist)
    move(late, other, why="放错了", by=cast.archivist)
    assert other.documents.count() == 2


def test_what_comes_to_a_filed_contract_waits_to_be_filed_there(cast: Cast, signed: Maker) -> None:
    filed, other = signed(), signed(title="另一份")
    file(filed, year=2026, retention="D30", org="", by=cast.archivist)
    moved = move(other.documents.get(), filed, why="放错了", by=cast.archivist)
    assert list(papers_awaiting_filing(cast.archivist)) == [moved]
    assert file_later(moved, by=cast.archivist).contract == filed
