"""归档: once and for ever."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.holdings.awaiting import awaiting_filing, papers_awaiting_filing
from qidang.holdings.filing import file, file_later, preview, suggested
from qidang.holdings.models import Fonds, Record, Series
from qidang.holdings.tests.conftest import Maker, a_paper
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def filed(contract: Contract, cast: Cast, **changes: object) -> Record:
    usual: dict[str, object] = {"year": 2026, "retention": "D30", "org": "XSB", "by": cast.archivist}
    return file(contract, **(usual | changes))  # type: ignore[arg-type]


def test_filing_gives_the_reference_of_the_standard(cast: Cast, signed: Maker) -> None:
    contract = signed()
    kept = filed(contract, cast)
    contract.refresh_from_db()
    assert kept.reference == contract.reference == "Q001-HT·2026-D30-XSB-0001"
    assert contract.filing_status == "FILED"
    assert (kept.title, kept.dated_on, kept.pages) == (
        "《数控车床买卖合同》苏州澄湖机电有限公司",
        dt.date(2026, 3, 5),
        3,
    )
    assert kept.document_number == contract.number
    assert "苏州澄湖机电有限公司" in kept.responsible
    assert kept.keep_until == dt.date(2056, 12, 31)


def test_items_run_from_one_in_each_lowest_class(cast: Cast, signed: Maker) -> None:
    codes = [
        filed(signed(), cast, **changes).reference
        for changes in ({}, {}, {"year": 2025}, {"retention": "Y"}, {"org": ""}, {"org": "xsb"})
    ]
    assert codes == [
        "Q001-HT·2026-D30-XSB-0001",
        "Q001-HT·2026-D30-XSB-0002",
        "Q001-HT·2025-D30-XSB-0001",
        "Q001-HT·2026-Y-XSB-0001",
        "Q001-HT·2026-D30-0001",
        "Q001-HT·2026-D30-XSB-0003",
    ]


def test_each_legal_unit_has_a_fonds_of_its_own(cast: Cast, signed: Maker) -> None:
    suzhou = cast.department("qmz")
    other = signed(unit=suzhou, department=cast.department("sales_suzhou"), by="suzhou")
    filed(signed(), cast)
    assert filed(other, cast).reference == "Q002-HT·2026-D30-XSB-0001"
    assert list(Fonds.objects.values_list("code", "unit")) == [
        ("Q001", cast.department("qmj").pk),
        ("Q002", suzhou.pk),
    ]


def test_the_preview_tells_the_next_reference_and_takes_nothing(cast: Cast, signed: Maker) -> None:
    place = suggested(signed())
    assert (place.year, place.retention.code, place.org) == (2026, "D30", "XSB")
    for _ in range(2):
        told = preview(signed(), year=place.year, retention=place.retention, org=place.org)
        assert told == "Q001-HT·2026-D30-XSB-0001"
    assert filed(signed(), cast).reference == told
    assert preview(signed(), year=2026, retention="D30", org="XSB").endswith("0002")


def test_a_record_stands_in_the_series_of_its_year_type_and_customer(cast: Cast, signed: Maker) -> None:
    first, second = (filed(signed(), cast) for _ in range(2))
    assert {(one.axis, one.name) for one in first.series.all()} == {
        ("YEAR", "2026"),
        ("TYPE", "买卖合同"),
        ("CUSTOMER", "苏州澄湖机电有限公司"),
    }
    assert set(first.series.all()) == set(second.series.all())
    assert Series.objects.count() == 3


def test_all_papers_of_a_contract_are_one_record_text_before_annex(cast: Cast, signed: Maker) -> None:
    contract = signed(paper=a_paper("附件一.pdf", kind="ANNEX"))
    contract.add_document(a_paper("正文.pdf", kind="BODY"), by=cast.salesperson)
    assert [paper.document.title for paper in filed(contract, cast).papers.all()] == ["正文.pdf", "附件一.pdf"]


def test_filing_stands_in_the_ledger(cast: Cast, signed: Maker) -> None:
    contract = signed()
    kept = filed(contract, cast)
    opened, last = follow(0)[-2:]
    assert (opened.act, last.act, last.actor_uid) == ("fonds.opened", "record.filed", cast.archivist.uid)
    assert [subject.uid for subject in last.subjects.all()] == [kept.uid, contract.uid]


def test_a_paper_that_comes_later_becomes_a_linked_record(cast: Cast, signed: Maker) -> None:
    contract = signed()
    main = filed(contract, cast)
    late = contract.add_document(a_paper("验收单.pdf"), by=cast.salesperson)
    assert list(papers_awaiting_filing(cast.archivist)) == [late]
    part = file_later(late, by=cast.archivist, year=2027)
    assert (part.part_of, part.reference, part.title) == (
        main,
        "Q001-HT·2027-D30-XSB-0001",
        "《验收单.pdf》苏州澄湖机电有限公司",
    )
    assert not papers_awaiting_filing(cast.archivist).exists()
    contract.refresh_from_db()
    assert contract.reference == main.reference


def test_what_is_signed_and_not_filed_waits(cast: Cast, signed: Maker) -> None:
    later, earlier = signed(), signed(signed_on=dt.date(2026, 1, 2))
    signed(signed_on=None)
    signed().void(by=cast.salesperson, why="重复")
    filed(signed(), cast)
    assert list(awaiting_filing(cast.archivist)) == [earlier, later]
    assert not awaiting_filing(cast.salesperson).exists()


def test_records_are_seen_by_who_may_see_their_contract(cast: Cast, signed: Maker) -> None:
    kept = filed(signed(), cast)
    assert list(Record.objects.visible_to(cast.auditor)) == [kept]
    assert list(Record.objects.visible_to(cast.salesperson)) == [kept]
    assert not Record.objects.visible_to(cast.rival).exists()
    assert not Record.objects.visible_to(cast.outsider).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": "salesperson"}, "accounts.not_allowed"),
        ({"year": 1948}, "filing.bad_year"),
        ({"year": 3000}, "filing.bad_year"),
        ({"retention": "D99"}, "filing.no_such_retention"),
        ({"org": "销售部"}, "filing.bad_org"),
        ({"org": "XSBU"}, "filing.bad_org"),
    ],
)
def test_a_wrong_place_or_person_is_refused(cast: Cast, signed: Maker, changes: dict[str, object], code: str) -> None:
    if "by" in changes:
        changes = changes | {"by": cast.salesperson}
    contract = signed()
    with pytest.raises(Refused) as refused:
        filed(contract, cast, **changes)
    assert refused.value.code == code
    assert filed(contract, cast).item == 1


@pytest.mark.parametrize(
    ("lacks", "code"), [("signed_on", "filing.not_signed"), ("counterparty_name", "filing.no_counterparty")]
)
def test_an_incomplete_contract_is_refused(cast: Cast, signed: Maker, lacks: str, code: str) -> None:
    contract = signed()
    Contract.objects.filter(pk=contract.pk).update(**{lacks: None if lacks == "signed_on" else ""})
    with pytest.raises(Refused) as refused:
        filed(contract, cast)
    assert refused.value.code == code


def test_a_contract_without_papers_is_refused(cast: Cast, signed: Maker) -> None:
    contract = signed()
    contract.documents.get().versions.all().delete()
    contract.documents.all().delete()
    with pytest.raises(Refused, match=r"filing\.no_papers"):
        filed(contract, cast)


def test_a_void_contract_is_refused(cast: Cast, signed: Maker) -> None:
    contract = signed()
    contract.void(by=cast.salesperson, why="重复")
    with pytest.raises(Refused, match=r"contract\.is_void"):
        filed(contract, cast)


def test_filing_twice_is_refused(cast: Cast, signed: Maker) -> None:
    contract = signed()
    filed(contract, cast)
    with pytest.raises(Refused, match=r"filing\.filed_already"):
        filed(contract, cast)


def test_a_later_paper_of_an_unfiled_contract_or_a_filed_paper_is_refused(cast: Cast, signed: Maker) -> None:
    contract = signed()
    paper = contract.documents.get()
    with pytest.raises(Refused, match=r"filing\.contract_first"):
        file_later(paper, by=cast.archivist)
    filed(contract, cast)
    with pytest.raises(Refused, match=r"filing\.paper_filed"):
        file_later(paper, by=cast.archivist)
