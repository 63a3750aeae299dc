"""自定义字段与台账: a column goes into a custom field; what does not fit stays a cell; corrected and taken back."""

import datetime as dt
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.defining import define
from qidang.contracts.models import Contract, CustomField
from qidang.intake.models import RowState, SheetImport
from qidang.intake.sheets import bring, bring_in, choose, plan, undo
from qidang.kit.sheets import write_sheet

pytestmark = pytest.mark.django_db
HEADINGS = ["合同编号", "合同名称", "客户名称", "合同类型", "质保金", "验收日", "区域"]
ROWS = [
    ["HT-1", "车床买卖合同", "澄湖机电有限公司", "买卖合同", "1.5万", "2024.3.5", "华东"],
    ["HT-2", "铣床买卖合同", "远帆设备有限公司", "买卖合同", "约三千", "2024.3.6", ""],
    ["HT-3", "厂房租赁合同", "远帆设备有限公司", "租赁合同", "300", "2024.3.7", "华南"],
]


@pytest.fixture
def fields(cast: Cast) -> dict[str, CustomField]:
    """A deposit of sales contracts, and a day and an area of all."""
    first = dt.date(2020, 1, 1)
    deposit = define(by=cast.archivist, label="质保金", kind="MONEY", contract_type="买卖合同", active_from=first)
    day = define(by=cast.archivist, label="验收日", kind="DATE", active_from=first)
    area = define(by=cast.archivist, label="区域", kind="CHOICE", options=["华东", "华南"], active_from=first)
    return {one.label: one for one in (deposit, day, area)}


def brought(cast: Cast, rows: list[list[Any]]) -> SheetImport:
    """Return a ledger that the archivist brought."""
    return bring(write_sheet(rows, HEADINGS), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))


def kept(fields: dict[str, CustomField], number: str) -> dict[str, Any]:
    """Return what the contract of that number keeps, by label."""
    contract = Contract.objects.get(number=number)
    return {label: contract.custom[one.key] for label, one in fields.items() if one.key in contract.custom}


def test_a_column_called_like_a_field_goes_into_it(cast: Cast, fields: dict[str, CustomField]) -> None:
    sheet = brought(cast, ROWS)
    assert {sheet.columns[one.name] for one in fields.values()} == {4, 5, 6}
    bring_in(sheet, by=cast.archivist)
    deposit = {"amount": "15000.00", "currency": "CNY"}
    assert kept(fields, "HT-1") == {"质保金": deposit, "验收日": "2024-03-05", "区域": "华东"}
    source = Contract.objects.get(number="HT-1").field_sources.get(field=fields["质保金"].name)
    assert (source.source, source.raw, source.checked_at) == ("LEDGER_SHEET", "1.5万", None)


def test_what_does_not_fit_is_named_and_stays_with_the_row(cast: Cast, fields: dict[str, CustomField]) -> None:
    sheet = bring_in(brought(cast, ROWS), by=cast.archivist)
    assert kept(fields, "HT-2") == {"验收日": "2024-03-06"}
    assert kept(fields, "HT-3") == {"验收日": "2024-03-07", "区域": "华南"}
    said = {row.number: [one["text"] for one in row.problems] for row in sheet.rows.all()}
    assert said == {2: [], 3: ["约三千"], 4: ["300"]}
    assert all(row.state == RowState.REGISTERED for row in sheet.rows.all())
    assert sheet.rows.get(number=3).texts[4] == "约三千"


def test_a_column_that_nobody_maps_is_kept_as_text(cast: Cast, fields: dict[str, CustomField]) -> None:
    sheet = brought(cast, ROWS)
    columns = {name: at for name, at in sheet.columns.items() if name != fields["区域"].name}
    choose(sheet, columns, unit=sheet.unit, by=cast.archivist)
    bring_in(sheet, by=cast.archivist)
    assert "区域" not in kept(fields, "HT-1")
    assert sheet.rows.get(number=2).texts[6] == "华东"


def test_the_corrected_ledger_changes_fields_and_can_be_taken_back(cast: Cast, fields: dict[str, CustomField]) -> None:
    bring_in(brought(cast, ROWS), by=cast.archivist)
    again = [[*ROWS[0][:4], "2万", "2024.3.5", "华南"], [*ROWS[1][:4], "3000", "2024.3.6", ""], ROWS[2]]
    second = plan(brought(cast, again), by=cast.archivist)
    changes = {row.number: {name: said[:2] for name, said in row.changes.items()} for row in second.rows.all()}
    deposit, area = fields["质保金"].name, fields["区域"].name
    assert changes == {
        2: {deposit: ["15000.00 CNY", "20000.00 CNY"], area: ["华东", "华南"]},
        3: {deposit: ["", "3000.00 CNY"]},
        4: {},
    }
    bring_in(second, by=cast.archivist)
    assert kept(fields, "HT-1")["区域"] == "华南"
    assert kept(fields, "HT-2")["质保金"] == {"amount": "3000.00", "currency": "CNY"}
    undo(second, by=cast.archivist, why="表又错了")
    assert kept(fields, "HT-1")["质保金"] == {"amount": "15000.00", "currency": "CNY"}
    assert "质保金" not in kept(fields, "HT-2")
