"""合同编号: given once, without a gap, by the rule of the day."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts import numbering, patterns
from qidang.contracts.models import Contract, IssuedNumber, NumberRule
from qidang.contracts.tests.conftest import Registrar
from qidang.contracts.values import LineItemValues
from qidang.kit import clock
from qidang.kit.refusal import Refused

YEAR = clock.today().year
DAY = dt.date(2026, 5, 1)


def add(cast: Cast, pattern: str, **rest: object) -> NumberRule:
    """Add a rule from the first of May 2026 on."""
    options = {"from_on": dt.date(2020, 5, 1)} | rest
    return numbering.add_rule(cast.department("qmj"), pattern, by=cast.archivist, **options)  # type: ignore[arg-type]


def test_a_unit_starts_with_the_usual_rule_and_numbers_follow_one_another(registered: Registrar) -> None:
    numbers = [registered(title=f"第{no}份").number for no in range(1, 4)]
    assert numbers == [f"QMJ-XS-{YEAR}-000{no}" for no in (1, 2, 3)]
    assert NumberRule.objects.count() == 1


def test_each_type_and_role_has_its_own_letters_and_its_own_run(registered: Registrar) -> None:
    cases = [
        ({}, "XS"),
        ({"our_role": "BUYER"}, "CG"),
        ({"kind": "FRAMEWORK"}, "KJ"),
        ({"kind": "SUPPLEMENT"}, "BC"),
        ({"contract_type": "服务合同", "kind": "OTHER"}, "FW"),
        ({"contract_type": "建设工程合同", "kind": "OTHER"}, "GC"),
    ]
    for changes, code in cases:
        assert registered(**changes).number == f"QMJ-{code}-{YEAR}-0001"


def test_another_unit_counts_for_itself(cast: Cast, registered: Registrar) -> None:
    registered()
    other = registered(by="suzhou", unit=cast.department("qmz"))
    assert other.number == f"QMZ-XS-{YEAR}-0001"


def test_a_rule_for_one_type_comes_before_the_rule_for_all(cast: Cast, registered: Registrar) -> None:
    add(cast, "{unit}/{year}{month}/{serial:3}")
    add(cast, "租{year}-{serial:2}", contract_type="租赁合同")
    today = clock.today()
    assert registered().number == f"QMJ/{today:%Y%m}/001"
    assert registered(contract_type="租赁合同").number == f"租{YEAR}-01"


def test_a_new_rule_ends_the_one_before_it_the_day_before(cast: Cast) -> None:
    first = add(cast, "A{serial}")
    second = add(cast, "B{serial}", from_on=DAY)
    first.refresh_from_db()
    assert first.to_on == DAY - dt.timedelta(days=1)
    unit = cast.department("qmj")
    assert numbering.rule_for(numbering.rules_of(unit), "买卖合同", DAY - dt.timedelta(days=1)) == first
    assert numbering.rule_for(numbering.rules_of(unit), "买卖合同", DAY) == second


def test_a_rule_before_one_that_exists_is_refused(cast: Cast) -> None:
    add(cast, "A{serial}", from_on=DAY)
    with pytest.raises(Refused) as refusal:
        add(cast, "B{serial}", from_on=DAY)
    assert refusal.value.code == "numbering.later_rule"


def test_a_department_has_no_rules_of_its_own(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        numbering.add_rule(cast.department("sales"), "A{serial}", by=cast.archivist, from_on=DAY)
    assert refusal.value.code == "numbering.not_a_unit"


def test_who_may_not_set_rules_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        numbering.add_rule(cast.department("qmj"), "A{serial}", by=cast.salesperson, from_on=DAY)
    assert refusal.value.code == "accounts.not_allowed"


def test_an_ended_rule_gives_no_number_after_its_last_day(cast: Cast) -> None:
    rule = add(cast, "A{serial}")
    numbering.end_rule(rule, by=cast.archivist, on=DAY)
    assert numbering.rule_for(numbering.rules_of(cast.department("qmj")), "", DAY + dt.timedelta(days=1)) is None
    with pytest.raises(Refused) as refusal:
        numbering.end_rule(rule, by=cast.archivist, on=dt.date(2019, 1, 1))
    assert refusal.value.code == "numbering.ends_before_it_begins"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "numbering.bad_pattern"),
        ("{unit", "numbering.bad_pattern"),
        ("{}{serial}", "numbering.bad_pattern"),
        ("A{serial}\n", "numbering.bad_pattern"),
        ("A" * 101, "numbering.bad_pattern"),
        ("{who}-{serial}", "numbering.unknown_word"),
        ("{parent}-{serial}", "numbering.unknown_word"),
        ("{unit}-{year}", "numbering.one_serial"),
        ("{serial}{serial}", "numbering.one_serial"),
        ("{serial:0}", "numbering.bad_width"),
        ("{serial:x}", "numbering.bad_width"),
        ("{year:2}{serial}", "numbering.bad_width"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_the_reason(pattern: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        patterns.check(pattern)
    assert refusal.value.code == code
    assert refusal.value.message
    assert "{serial" in refusal.value.next_step or code in ("numbering.unknown_word", "numbering.bad_width")


def test_the_preview_says_the_next_number_and_takes_none(cast: Cast, registered: Registrar) -> None:
    number = registered().number
    rule = NumberRule.objects.get()
    assert numbering.preview(rule, clock.today()) == f"QMJ-XS-{YEAR}-0002"
    assert registered().number == f"QMJ-XS-{YEAR}-0002" != number


def test_a_serial_past_its_width_widens() -> None:
    words = {"unit": "QMJ", "type": "XS", "year": "2026"}
    assert patterns.render("{unit}-{serial:4}", words, 9999) == "QMJ-9999"
    assert patterns.render("{unit}-{serial:4}", words, 10000) == "QMJ-10000"
    assert patterns.fit("{unit}-{serial:4}", "QMJ-10000", unit="QMJ", year=2026) == ("QMJ-#", 10000, 2026)


def test_a_number_taken_from_paper_is_skipped_by_the_count(registered: Registrar) -> None:
    registered(number_on_paper=f"QMJ-XS-{YEAR}-0002")
    assert registered().number == f"QMJ-XS-{YEAR}-0001"
    assert registered().number == f"QMJ-XS-{YEAR}-0003"


def test_a_void_number_is_never_given_again_and_its_contract_may_get_another(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    void = contract.number
    numbering.void_number(IssuedNumber.objects.get(number=void), by=cast.archivist, why="编错了")
    contract.refresh_from_db()
    assert contract.number == ""
    numbering.give(contract, by=cast.archivist)
    contract.refresh_from_db()
    assert contract.number == f"QMJ-XS-{YEAR}-0002"
    assert [row.field for row in contract.revisions.all()] == ["number", "number"]
    with pytest.raises(Refused) as refusal:
        registered(number_on_paper=void, number_is_ours=True)
    assert refusal.value.code == "contract.number_taken"


def test_voiding_a_number_needs_a_reason_and_happens_once(cast: Cast, registered: Registrar) -> None:
    registered()
    issued = IssuedNumber.objects.get()
    with pytest.raises(Refused) as refusal:
        numbering.void_number(issued, by=cast.archivist, why="")
    assert refusal.value.code == "numbering.why_missing"
    numbering.void_number(issued, by=cast.archivist, why="错")
    with pytest.raises(Refused) as again:
        numbering.void_number(issued, by=cast.archivist, why="错")
    assert again.value.code == "numbering.void_already"


def test_a_contract_with_a_number_gets_no_second_one(cast: Cast, registered: Registrar) -> None:
    with pytest.raises(Refused) as refusal:
        numbering.give(registered(), by=cast.archivist)
    assert refusal.value.code == "numbering.has_number"


def test_a_supplement_is_numbered_after_its_main_contract(registered: Registrar) -> None:
    main = registered()
    numbers = [
        registered(title="补充协议", kind="SUPPLEMENT", parent=main, relation="SUPPLEMENT").number for _ in range(2)
    ]
    assert numbers == [f"{main.number}-B1", f"{main.number}-B2"]


def test_a_registration_that_fails_leaves_no_gap(registered: Registrar) -> None:
    registered()
    with pytest.raises(Refused):
        registered(line_items=(LineItemValues(name="长" * 301),))
    assert registered().number == f"QMJ-XS-{YEAR}-0002"
    assert Contract.objects.count() == 2


def test_the_gap_report_names_what_was_never_given_and_not_what_is_void(cast: Cast, registered: Registrar) -> None:
    registered(number_on_paper="QMJ-XS-2024-0003")
    registered(number_on_paper="QMJ-XS-2024-0007")
    number = registered(number_on_paper="QMJ-XS-2024-0004").issued_numbers.get()
    numbering.void_number(number, by=cast.archivist, why="错")
    found = numbering.gaps(cast.department("qmj"), 2024)
    assert [(gap.first, gap.last) for gap in found] == [(1, 2), (5, 6)]
    assert found[0].key == "QMJ-XS-2024-#"


@pytest.mark.parametrize(
    ("number", "is_ours"),
    [
        ("QMJ-XS-2024-0001", True),
        ("QMJ-XS-2024-12345", True),
        ("QMJ-XS-2024-001", False),
        ("QMZ-XS-2024-0001", False),
        ("QMJ-xs-2024-0001", False),
        ("QMJ-XS-3024-0001", False),
        ("LYJY-2024-1112", False),
    ],
)
def test_a_number_is_ours_when_a_rule_of_the_unit_could_have_given_it(cast: Cast, number: str, is_ours: bool) -> None:
    assert (numbering.ours(number, cast.department("qmj"), DAY) is not None) == is_ours
