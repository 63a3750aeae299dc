"""公司: one row for one company, whatever name it goes by."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company
from qidang.contracts.tests.conftest import CUSTOMER, Registrar
from qidang.contracts.values import PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

GOOD_CODE = "91310000MA1K3YJ123"


def coded(body: str) -> str:
    """Return a made-up 统一社会信用代码 with its right check character (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * 3**place % 31 for place, letter in enumerate(body))
    return body + letters[(31 - total % 31) % 31]


CODE = coded("91320594MA1X00000")


def test_a_company_is_found_by_code_by_name_and_by_alias(cast: Cast) -> None:
    company = Company.add(name=CUSTOMER, uscc=CODE, by=cast.archivist)
    company.add_alias("澄湖机电", by=cast.archivist)
    for name, code in ((CUSTOMER, ""), ("苏州澄湖机电 有限公司", ""), ("澄湖机电", ""), ("改过的名字", CODE.lower())):
        assert list(Company.objects.matching(name, code)) == [company]
    assert not Company.objects.matching("澄湖").exists()


def test_a_namesake_with_another_code_is_another_company(cast: Cast) -> None:
    Company.add(name=CUSTOMER, uscc=CODE, by=cast.archivist)
    assert not Company.objects.matching(CUSTOMER, coded("91320594MA1X00001")).exists()


def test_the_same_name_and_code_twice_is_refused(cast: Cast) -> None:
    Company.add(name=CUSTOMER, by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        Company.add(name=f" {CUSTOMER} ", by=cast.archivist)
    assert refusal.value.code == "company.taken"


def test_a_wrong_code_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        Company.add(name=CUSTOMER, uscc=CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), by=cast.archivist)
    assert refusal.value.code == "company.uscc_wrong"


def test_a_company_without_a_name_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        Company.add(name="　", by=cast.archivist)
    assert refusal.value.code == "company.name_missing"


def test_an_alias_that_another_company_has_is_refused(cast: Cast) -> None:
    Company.add(name=CUSTOMER, by=cast.archivist)
    other = Company.add(name="无锡远帆机械有限公司", by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        other.add_alias(CUSTOMER, by=cast.archivist)
    assert refusal.value.code == "company.alias_taken"


def test_an_edit_is_recorded_with_what_was_and_is(cast: Cast) -> None:
    company = Company.add(name=CUSTOMER, by=cast.archivist)
    company.edit({"address": "金枫路 1 号", "phone": "0512-1"}, by=cast.archivist, edit_version=1)
    assert company.edit_version == 2
    assert Entry.objects.filter(act="company.edited").count() == 1


def test_an_edit_after_somebody_elses_is_refused(cast: Cast) -> None:
    company = Company.add(name=CUSTOMER, by=cast.archivist)
    company.edit({"address": "甲路"}, by=cast.archivist, edit_version=1)
    with pytest.raises(Refused) as refusal:
        company.edit({"address": "乙路"}, by=cast.archivist, edit_version=1)
    assert refusal.value.code == "company.changed_meanwhile"


def test_who_does_not_keep_companies_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        Company.add(name=CUSTOMER, by=cast.salesperson)
    assert refusal.value.code == "accounts.not_allowed"


def test_a_unit_belongs_to_our_own_companies_only(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        Company.add(name=CUSTOMER, unit=cast.department("qmj"), by=cast.archivist)
    assert refusal.value.code == "company.taken"


def test_looking_up_a_few_sees_what_the_list_sees(cast: Cast, registered: Registrar) -> None:
    registered(counterparty_name="甲客户有限公司")
    registered(counterparty_name="乙客户有限公司", by="suzhou", unit=cast.suzhou.department)
    party = PartyValues(name="担保人有限公司", role="OTHER", side="丙方")
    registered(counterparty_name="丁客户有限公司", parties=(party,))
    Company.add(name="没合同有限公司", by=cast.archivist)
    for who in (cast.salesperson, cast.manager, cast.suzhou, cast.archivist, cast.outsider):
        assert set(Company.objects.seen_by(who)) == set(Company.objects.visible_to(who)), who
