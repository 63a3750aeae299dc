"""保管期限: a small table that the archivist edits."""

import pytest
from django.utils import translation

from qidang.cast import Cast
from qidang.holdings.filing import file
from qidang.holdings.models import RetentionRule
from qidang.holdings.tests.conftest import Maker
from qidang.kit.refusal import Refused


def test_the_table_starts_with_permanent_thirty_and_ten_years(cast: Cast) -> None:
    assert [(rule.code, str(rule)) for rule in RetentionRule.objects.all()] == [
        ("Y", "永久"),
        ("D30", "30年"),
        ("D10", "10年"),
    ]
    with translation.override("en"):
        assert str(RetentionRule.objects.get(code="Y")) == "Permanent"


def test_a_rule_is_added_and_used(cast: Cast, signed: Maker) -> None:
    RetentionRule.add(years=15, by=cast.archivist)
    kept = file(signed(), year=2026, retention="D15", org="", by=cast.archivist)
    assert kept.reference == "Q001-HT·2026-D15-0001"


def test_a_rule_that_is_switched_off_cannot_be_chosen_any_more(cast: Cast, signed: Maker) -> None:
    rule = RetentionRule.objects.get(code="D10")
    rule.change(name_zh="十年", name_en="Ten years", is_active=False, by=cast.archivist)
    with pytest.raises(Refused, match=r"filing\.no_such_retention"):
        file(signed(), year=2026, retention=rule, org="", by=cast.archivist)


@pytest.mark.parametrize(
    ("years", "code"), [(0, "retention.bad_years"), (100, "retention.bad_years"), (30, "retention.taken")]
)
def test_a_rule_that_cannot_be_is_refused(cast: Cast, years: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        RetentionRule.add(years=years, by=cast.archivist)


def test_a_rule_without_names_and_a_person_without_the_right_are_refused(cast: Cast) -> None:
    rule = RetentionRule.objects.get(code="D10")
    with pytest.raises(Refused, match=r"retention\.name_missing"):
        rule.change(name_zh=" ", name_en="Ten", is_active=True, by=cast.archivist)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        rule.change(name_zh="十年", name_en="Ten", is_active=True, by=cast.salesperson)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        RetentionRule.add(years=15, by=cast.auditor)
