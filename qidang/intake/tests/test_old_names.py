"""名称对照: names of the past belong to people, departments, or those kept as past; the rest to the archivist."""

import pytest

from qidang.accounts.models import Department, User
from qidang.accounts.past import PAST, keep_leaver, keep_past_department
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.intake.models import NameKind, SheetImport
from qidang.intake.naming import LEFT, decide, unknown
from qidang.intake.sheets import bring, bring_in, plan
from qidang.intake.tests.ledgers import rows
from qidang.kit.refusal import Refused

LINES = (
    ["合同编号", "客户名称", "部门", "业务员"],
    ["HT-1", "澄湖机电有限公司", "华东大区", "周文蓝"],
    ["HT-2", "澄湖机电有限公司", "华东大区", "欧阳旧人"],
    ["HT-3", "澄湖机电有限公司", "华东销售组", "周文澜"],
    ["HT-4", "澄湖机电有限公司", "", "周文澜"],
)


@pytest.fixture
def sheet(cast: Cast) -> SheetImport:
    """A ledger that names a department and a salesman of the past, planned."""
    brought = bring(rows(*LINES), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))
    return plan(brought, by=cast.archivist)


def test_names_that_nobody_knows_are_listed_with_their_rows_and_suggestions(sheet: SheetImport, cast: Cast) -> None:
    found = {(one.kind, one.name): one for one in unknown(sheet, by=cast.archivist)}
    assert {key: one.count for key, one in found.items()} == {
        (NameKind.DEPARTMENT, "华东大区"): 2,
        (NameKind.PERSON, "周文蓝"): 1,
        (NameKind.PERSON, "欧阳旧人"): 1,
    }
    assert found[NameKind.PERSON, "周文蓝"].suggestions[0] == cast.salesperson
    assert cast.department("sales_east") in found[NameKind.DEPARTMENT, "华东大区"].suggestions


def test_what_nobody_knows_goes_to_the_archivist_and_to_no_circle(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    contract = Contract.objects.get(number="HT-2")
    assert (contract.owner, contract.department.name) == (cast.archivist, PAST)
    for person in (cast.salesperson, cast.manager, cast.colleague):
        assert not Contract.objects.visible_to(person).filter(number="HT-2").exists()
    assert Contract.objects.visible_to(cast.archivist).filter(number="HT-2").exists()


def test_rows_whose_names_are_known_belong_to_them(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    assert Contract.objects.get(number="HT-3").owner == cast.salesperson
    assert Contract.objects.get(number="HT-4").department == cast.department("sales_east")


def test_a_decided_name_is_remembered(sheet: SheetImport, cast: Cast) -> None:
    decide(sheet, NameKind.PERSON, "周文蓝", meant=cast.salesperson, by=cast.archivist)
    decide(sheet, NameKind.DEPARTMENT, "华东大区", meant=cast.department("sales_east"), by=cast.archivist)
    decide(sheet, NameKind.PERSON, "欧阳旧人", meant=LEFT, by=cast.archivist)
    assert unknown(sheet, by=cast.archivist) == []
    bring_in(sheet, by=cast.archivist)
    assert Contract.objects.get(number="HT-1").owner == cast.salesperson
    left = Contract.objects.get(number="HT-2").owner
    assert (left.name, left.is_active, left.department) == ("欧阳旧人", False, Department.objects.get(name=PAST))
    again = plan(bring(rows(*LINES), "另一份.xlsx", by=cast.archivist, unit=cast.department("qmj")), by=cast.archivist)
    assert unknown(again, by=cast.archivist) == []


def test_contracts_that_came_before_the_decision_follow_it(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    decide(sheet, NameKind.PERSON, "周文蓝", meant=cast.salesperson, by=cast.archivist)
    decide(sheet, NameKind.DEPARTMENT, "华东大区", meant=LEFT, by=cast.archivist)
    contract = Contract.objects.get(number="HT-1")
    assert contract.owner == cast.salesperson
    assert contract.department.name == "华东大区"
    assert not contract.department.is_active
    assert contract.revisions.filter(field="owner").exists()


def test_namesakes_mean_nobody(cast: Cast) -> None:
    User.objects.create(username="zhou2", name="周文澜", department=cast.department("sales_south"), password="!")
    sheet = plan(bring(rows(*LINES), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj")), by=cast.archivist)
    assert (NameKind.PERSON, "周文澜") in {(one.kind, one.name) for one in unknown(sheet, by=cast.archivist)}


def test_a_name_of_the_past_gives_nobody_any_right(cast: Cast) -> None:
    left = keep_leaver("欧阳旧人", cast.department("qmj"), by=cast.archivist)
    assert not left.is_active
    assert not left.check_password("!")
    assert left.capabilities == []
    department = keep_past_department(cast.department("qmj"), "华东大区", by=cast.archivist)
    assert department == keep_past_department(cast.department("qmj"), "华东大区", by=cast.archivist)
    assert department.parent is not None
    assert (department.parent.name, department.is_active) == (PAST, False)


def test_who_neither_files_nor_keeps_people_makes_no_names_of_the_past(cast: Cast) -> None:
    for act in (keep_past_department, lambda unit, *, by: keep_leaver("欧阳", unit, by=by)):
        with pytest.raises(Refused) as refusal:
            act(cast.department("qmj"), by=cast.salesperson)
        assert refusal.value.code == "accounts.not_allowed"
