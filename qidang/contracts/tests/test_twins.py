"""疑似重复: which companies are proposed as one, and which never again."""

import pytest

from qidang.cast import Cast
from qidang.contracts import twins
from qidang.contracts.models import Company, Contact, Twins
from qidang.contracts.tests.conftest import Registrar
from qidang.contracts.tests.test_companies import CODE
from qidang.contracts.twins import core
from qidang.contracts.values import PartyValues
from qidang.kit.refusal import Refused


def add(cast: Cast, *names: str) -> list[Company]:
    """Add companies of these names."""
    return [Company.add(name=name, by=cast.archivist) for name in names]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("苏州澄湖机电有限公司", "澄湖机电（苏州）有限公司"),
        ("苏州澄湖机电有限公司", "苏州澄湖机电有限责任公司"),
        ("苏州澄湖机电股份有限公司", "苏州澄湖机电 有限公司"),
        ("Lakeside Machinery Co., Ltd.", "LAKESIDE MACHINERY LTD"),
    ],
)
def test_names_that_differ_in_their_form_alone_have_one_core(name: str, other: str) -> None:
    assert core(name) == core(other) != ""


@pytest.mark.parametrize(
    ("name", "other", "proposed"),
    [
        ("苏州澄湖机电有限公司", "澄湖机电（苏州）有限公司", True),
        ("苏州工业园区澄湖机电设备有限公司", "苏州工业园区澄湖机电设备厂", True),
        ("北辰第一建筑工程有限公司", "北辰第二建筑工程有限公司", False),
        ("苏州澄湖机电有限公司", "无锡远帆机械有限公司", False),
        ("中兴", "中新", False),
    ],
)
def test_names_that_are_much_alike_are_proposed(cast: Cast, name: str, other: str, proposed: bool) -> None:
    add(cast, name, other)
    assert twins.find() == int(proposed)


def test_the_code_on_a_paper_and_a_shared_phone_are_reasons(cast: Cast, registered: Registrar) -> None:
    one, other, third = add(cast, "甲乙丙丁有限公司", "远帆机械有限公司", "云岭能源有限公司")
    one.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    parties = (PartyValues(name=other.name, company=other, uscc=CODE),)
    registered(counterparty=other, counterparty_name="", parties=parties)
    for company in (other, third):
        Contact.add(company, name="同一人", phone="139 0512 0001", by=cast.salesperson)
    twins.find()
    found = {(row.one, row.other): row.reasons for row in Twins.objects.all()}
    assert found == {(one, other): ["uscc"], (other, third): ["phone"]}


def test_two_that_were_told_apart_are_not_proposed_again(cast: Cast) -> None:
    add(cast, "苏州澄湖机电有限公司", "澄湖机电（苏州）有限公司")
    twins.find()
    pair = Twins.objects.open().get()
    twins.tell_apart(pair, by=cast.archivist, why="两家都在")
    twins.find()
    assert not Twins.objects.open().exists()
    with pytest.raises(Refused) as refusal:
        twins.tell_apart(Twins.objects.get(), by=cast.archivist)
    assert refusal.value.code == "company.told_apart"
    with pytest.raises(Refused) as refusal:
        twins.tell_apart(pair, by=cast.salesperson)
    assert refusal.value.code == "accounts.not_allowed"


def test_ours_and_customers_are_not_proposed_as_one(cast: Cast, our_company: Company) -> None:
    add(cast, f"{our_company.name.removesuffix('有限公司')}有限责任公司")
    assert twins.find() == 0
