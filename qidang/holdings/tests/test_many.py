"""批量归档."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.holdings.filing import file
from qidang.holdings.many import file_many, preview_many
from qidang.holdings.models import FilingCounter, Fonds, Record
from qidang.holdings.tests.conftest import Maker
from qidang.kit.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(cast: Cast, signed: Maker) -> list[Contract]:
    """Seven contracts: two years, another unit, one without a signing day, one filed already."""
    suzhou = {"unit": cast.department("qmz"), "department": cast.department("sales_suzhou"), "by": "suzhou"}
    filed = signed()
    file(filed, year=2026, retention="D30", org="XSB", by=cast.archivist)
    earlier = signed(signed_on=dt.date(2024, 5, 6))
    return [signed(), filed, signed(), signed(signed_on=None), earlier, signed(**suzhou), signed(**suzhou)]


def test_many_are_filed_as_previewed_and_the_unready_are_named(cast: Cast, mixed: list[Contract]) -> None:
    told = preview_many(mixed, retention="D10")
    assert [one.reference for one in told] == [
        "Q001-HT·2026-D10-XSB-0001",
        "",
        "Q001-HT·2026-D10-XSB-0002",
        "",
        "Q001-HT·2024-D10-XSB-0001",
        "Q002-HT·2026-D10-XSB-0001",
        "Q002-HT·2026-D10-XSB-0002",
    ]
    assert not FilingCounter.objects.filter(retention="D10").exists()
    assert Fonds.objects.count() == 1
    done = file_many(mixed, retention="D10", by=cast.archivist)
    assert [one.reference for one in done] == [one.reference for one in told]
    refused = [one.refusal.code for one in done if one.refusal]
    assert refused == ["filing.filed_already", "filing.not_signed"]
    assert [one.refusal.code for one in told if one.refusal] == refused
    assert Record.objects.count() == 6


def test_units_without_a_fonds_are_told_apart_in_the_preview(cast: Cast, signed: Maker) -> None:
    suzhou = signed(unit=cast.department("qmz"), department=cast.department("sales_suzhou"), by="suzhou")
    pair = [signed(), suzhou]
    told = [one.reference for one in preview_many(pair, retention="Y")]
    assert told == ["Q001-HT·2026-Y-XSB-0001", "Q002-HT·2026-Y-XSB-0001"]
    assert [one.reference for one in file_many(pair, retention="Y", by=cast.archivist)] == told


def test_who_may_not_file_gets_a_refusal_for_each_and_a_wrong_retention_is_refused(cast: Cast, signed: Maker) -> None:
    [one] = file_many([signed()], retention="D30", by=cast.salesperson)
    assert one.refusal is not None
    assert one.refusal.code == "accounts.not_allowed"
    with pytest.raises(Refused, match="D77"):
        file_many([signed()], retention="D77", by=cast.archivist)


def test_a_void_contract_and_an_impossible_year_stop_nothing(cast: Cast, signed: Maker) -> None:
    void, ancient, good = signed(), signed(signed_on=dt.date(1911, 1, 1)), signed()
    void.void(by=cast.salesperson, why="重复")
    rows = [void, ancient, good]
    told = [one.refusal.code if one.refusal else one.reference for one in preview_many(rows, retention="D30")]
    assert told == ["contract.is_void", "filing.bad_year", "Q001-HT·2026-D30-XSB-0001"]
    done = file_many(rows, retention="D30", by=cast.archivist)
    assert [one.refusal.code if one.refusal else one.reference for one in done] == told
