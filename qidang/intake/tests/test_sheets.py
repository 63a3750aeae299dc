"""台账导入: columns, a plan, and rows whose faults are named."""

import datetime as dt
import pathlib
import types
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, IssuedNumber
from qidang.intake.columns import guess, understand
from qidang.intake.models import LedgerRow, RowState, SheetImport
from qidang.intake.sheets import bring, bring_in, choose, counts, head, plan, undo, wake_left_behind, work_on
from qidang.intake.tests.ledgers import book, rows, three_row_heading
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.ledger import verify_all
from qidang.ledger.models import Entry

HEADINGS = ["序号", "合同编号", "合同名称", "客户名称", "合同金额（万元）", "签订日期", "业务员"]
ROWS = [
    ["1", "QMJ-01", "车床买卖合同", "澄湖机电有限公司", "12.8", "2026.3.5", "周文澜"],
    ["2", "QMJ-02", "铣床买卖合同", "远帆设备有限公司", "约十万", "2026年13月1日", ""],
    ["3", "QMJ-01", "磨床买卖合同", "远帆设备有限公司", "3", "2026-04-01", ""],
    ["4", "QMJ-04", "", "", "3", "2026-04-01", ""],
    ["5", "QMJ-05", "钻床买卖合同", "远帆设备有限公司", "3", "2026-04-01", "查无此人"],
    ["6", "", "镗床买卖合同", "远帆设备有限公司", "", "", ""],
    ["", "", "", "合计", "18.8", "", ""],
]


@pytest.fixture
def sheet(cast: Cast) -> SheetImport:
    """A register with good and bad rows."""
    return bring(write_sheet(ROWS, HEADINGS), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))


def brought(cast: Cast, content: bytes, name: str = "台账.xlsx") -> SheetImport:
    """Return a ledger that the archivist brought for the first legal unit."""
    return bring(content, name, by=cast.archivist, unit=cast.department("qmj"))


def said(sheet: SheetImport) -> dict[int, list[str]]:
    """Return the codes of what is said of each row, by its number."""
    return {row.number: [one["code"] for one in row.problems] for row in LedgerRow.objects.filter(sheet=sheet)}


def test_columns_are_known_by_their_headings() -> None:
    assert guess(HEADINGS) == {"number": 1, "title": 2, "counterparty": 3, "amount": 4, "signed_on": 5, "owner": 6}


def test_a_plan_names_every_fault_and_registers_nothing(sheet: SheetImport, cast: Cast) -> None:
    plan(sheet, by=cast.archivist)
    assert said(sheet) == {
        2: [],
        3: ["intake.bad_amount", "intake.bad_date"],
        4: ["intake.number_clash"],
        5: ["intake.cell_missing"],
        6: ["intake.owner_unmapped"],
        7: ["intake.no_number"],
        8: ["intake.totals_row"],
    }
    stands = counts(sheet)
    assert (stands.rows, stands.new, stands.refused, stands.skipped) == (7, 4, 2, 1)
    assert not Contract.objects.exists()


def test_good_rows_are_registered_though_others_are_not(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    assert counts(sheet).registered == sheet.rows_registered == 4
    contract = Contract.objects.get(number="QMJ-01")
    assert contract.amount == Decimal("128000.00")
    assert contract.signed_on == dt.date(2026, 3, 5)
    assert contract.owner == cast.salesperson
    assert contract.status == "IN_FORCE"


def test_a_clashing_number_stays_on_paper_and_none_is_given_where_none_stands(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    clashing = Contract.objects.get(title="磨床买卖合同")
    assert (clashing.number, clashing.number_on_paper) == ("", "QMJ-01")
    assert Contract.objects.get(title="镗床买卖合同").number == ""
    assert sorted(IssuedNumber.objects.values_list("number", flat=True)) == ["QMJ-01", "QMJ-05"]


def test_some_rows_make_one_entry_of_the_log_that_names_every_contract(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    entry = Entry.objects.get(act="contract.registered_many")
    assert [one.kind for one in entry.subjects.all()] == ["contract"] * 4 + ["sheet"]
    assert verify_all().ok


def test_a_sheet_is_imported_once(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    for act in (bring_in, plan):
        with pytest.raises(Refused) as refusal:
            act(sheet, by=cast.archivist)
        assert refusal.value.code == "intake.sheet_done"


def test_needed_columns_must_be_chosen(sheet: SheetImport, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        choose(sheet, {"number": 1}, unit=None, by=cast.archivist)
    assert refusal.value.code == "intake.columns_missing"


def test_a_row_of_no_legal_unit_is_refused(sheet: SheetImport, cast: Cast) -> None:
    choose(sheet, sheet.columns, unit=None, by=cast.archivist)
    plan(sheet, by=cast.archivist)
    assert "intake.unit_unknown" in said(sheet)[2]


def test_what_is_no_sheet_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        bring(b"\x00\x01 nothing", "台账.xlsx", by=cast.archivist)
    assert refusal.value.code in {"intake.not_a_sheet", "reading.malformed", "reading.unsupported"}


def test_a_heading_of_three_rows_and_merged_cells_is_imported(cast: Cast) -> None:
    line: list[Any] = [1, "HT-1", "车床买卖合同", "二〇二四年三月五日", 12.5, "", "澄湖机电有限公司", ""]
    sheet = brought(cast, three_row_heading(line, [2, "HT-2", "铣床合同", 45356, 3, "美元", "远帆设备有限公司", "急"]))
    bring_in(sheet, by=cast.archivist)
    first, second = Contract.objects.order_by("number")
    assert (first.amount, first.signed_on) == (Decimal("125000.00"), dt.date(2024, 3, 5))
    assert (second.currency, second.signed_on, second.remarks) == ("USD", dt.date(2024, 3, 5), "急")
    assert list(LedgerRow.objects.values_list("number", flat=True)) == [4, 5]


def test_the_heading_can_be_corrected(cast: Cast) -> None:
    sheet = brought(cast, rows(["甲", "乙"], ["客户名称", "合同编号"], ["澄湖", "HT-1"]))
    head(sheet, tab="台账", header_row=1, header_rows=1, by=cast.archivist)
    assert sheet.headings == ["甲", "乙"]
    head(sheet, tab="台账", header_row=2, header_rows=1, by=cast.archivist)
    assert sheet.columns == {"counterparty": 0, "number": 1}
    with pytest.raises(Refused):
        head(sheet, tab="没有", header_row=1, header_rows=1, by=cast.archivist)


def test_what_columns_mean_is_remembered(sheet: SheetImport, cast: Cast) -> None:
    choose(sheet, {"counterparty": 3, "title": 2, "remarks": 0}, unit=sheet.unit, by=cast.archivist, key_columns=[1])
    again = brought(cast, write_sheet(ROWS, HEADINGS), "另一个名字.xlsx")
    assert again.columns == {"counterparty": 3, "title": 2, "remarks": 0}
    assert again.key_columns == [1]
    other = bring(write_sheet(ROWS, HEADINGS), "台账.xlsx", by=cast.suzhou)
    assert other.columns == guess(HEADINGS)


def test_rows_merged_into_one_contract_are_registered_once_and_kept_with_it(cast: Cast) -> None:
    lines = (["合同编号", "客户名称", "品名"], ["HT-1", "澄湖", "车床"], ["", "", "铣床"])
    sheet = brought(cast, rows(*lines, merged=[("A2:A3", "HT-1"), ("B2:B3", "澄湖")]))
    bring_in(sheet, by=cast.archivist)
    contract = Contract.objects.get()
    assert [row.texts[2] for row in contract.ledger_rows.all()] == ["车床", "铣床"]
    assert said(sheet)[3] == ["intake.row_continues"]


def test_a_formula_without_its_value_is_named(cast: Cast) -> None:
    def fill(_book: Any, made: Any) -> None:
        made.write_row(0, 0, ["客户名称", "合同金额"])
        made.write(1, 0, "澄湖")
        made.write_formula(1, 1, "=1+1", None, "")

    sheet = brought(cast, book(fill))
    plan(sheet, by=cast.archivist)
    assert said(sheet) == {2: ["intake.formula_empty"]}


def test_hidden_rows_are_brought_in_unless_somebody_says_not(cast: Cast) -> None:
    def fill(_book: Any, made: Any) -> None:
        made.write_column(0, 0, ["客户名称", "澄湖", "远帆"])
        made.write_column(0, 1, ["合同编号", "HT-1", "HT-2"])
        made.set_row(2, None, None, {"hidden": True})

    sheet = brought(cast, book(fill))
    plan(sheet, by=cast.archivist)
    assert counts(sheet).new == 2
    choose(sheet, sheet.columns, unit=sheet.unit, by=cast.archivist, skips_hidden=True)
    plan(sheet, by=cast.archivist)
    assert (counts(sheet).new, said(sheet)[3]) == (1, ["intake.hidden_row"])


def test_a_sheet_of_sixteen_thousand_columns_is_imported(cast: Cast) -> None:
    heading = ["合同编号", "客户名称", *(f"列{n}" for n in range(2, 16_384))]
    sheet = brought(cast, rows(heading, ["HT-1", "澄湖", *[""] * 16_381, "最后"]))
    bring_in(sheet, by=cast.archivist)
    assert Contract.objects.get().ledger_rows.get().texts[16_383] == "最后"


def test_a_contract_without_a_name_is_called_by_customer_and_number(cast: Cast) -> None:
    bring_in(brought(cast, rows(["合同编号", "客户名称"], ["HT-1", "澄湖机电"])), by=cast.archivist)
    assert Contract.objects.get().title == "澄湖机电 HT-1 合同"


def test_every_state_has_its_word() -> None:
    assert all(str(state.label) for state in RowState)


@pytest.mark.parametrize(
    ("heading", "text", "value"),
    [
        ("合同金额（万元）", "12.8", Decimal(128_000)),
        ("合同金额（万元）", "128000元", Decimal(128_000)),
        ("合同金额(千元)", "3", Decimal(3000)),
        ("合同金额", "¥1,234.00", Decimal(1234)),
        ("合同金额", "（1,234.50）", Decimal("-1234.50")),
        ("合同金额", "USD 1,000", Decimal(1000)),
        ("合同金额", "884.9557522124", Decimal("884.96")),
        ("合同金额", "/", None),
        ("签订日期", "24.3.5", dt.date(2024, 3, 5)),
        ("签订日期", "98年3月5日", dt.date(1998, 3, 5)),
        ("签订日期", "2024/3/5 0:00:00", dt.date(2024, 3, 5)),
        ("签订日期", "45356", dt.date(2024, 3, 5)),
        ("签订日期", "二〇二四年三月五日", dt.date(2024, 3, 5)),
        ("签订日期", "-", None),
    ],
)
def test_amounts_and_days_are_understood_as_people_write_them(heading: str, text: str, value: Any) -> None:
    columns = guess([heading])
    values, problems, _ = understand({0: text}, columns, row=2, headings=[heading], today=dt.date(2026, 11, 24))
    assert values.get(next(iter(columns))) == value
    assert [one.code for one in problems] == ["intake.cell_missing"]


def test_an_amount_names_its_currency() -> None:
    values, _, _ = understand({0: "12万美元"}, {"amount": 0}, row=2, headings=["金额"], today=dt.date(2026, 11, 24))
    assert (values["amount"], values["currency"]) == (Decimal(120_000), "USD")


def test_a_long_sheet_is_left_to_the_worker_and_goes_on_where_it_was_killed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qidang.intake.sheets.DIRECT", 2)
    monkeypatch.setattr("qidang.intake.planning.AT_ONCE", 2)
    monkeypatch.setattr("qidang.intake.importing.AT_ONCE", 2)
    enqueued: list[int] = []
    monkeypatch.setattr("qidang.intake.tasks.work_on_sheet", types.SimpleNamespace(enqueue=enqueued.append))
    sheet = plan(brought(cast, write_sheet(ROWS, HEADINGS)), by=cast.archivist)
    assert (sheet.work, enqueued, sheet.rows.count()) == ("plan", [sheet.pk], 0)
    assert work_on(SheetImport.objects.get(pk=sheet.pk), seconds=0)
    assert 0 < sheet.rows.count() < 7
    SheetImport.objects.update(worked_at=now() - dt.timedelta(hours=1))
    wake_left_behind()
    assert enqueued == [sheet.pk] * 2
    while work_on(SheetImport.objects.get(pk=sheet.pk), seconds=0):
        pass
    assert said(sheet)[4] == ["intake.number_clash"]
    sheet.refresh_from_db()
    bring_in(sheet, by=cast.archivist)
    while work_on(SheetImport.objects.get(pk=sheet.pk), seconds=0):
        pass
    assert Contract.objects.count() == counts(sheet).registered == 4


def test_every_real_ledger_is_imported_with_each_refused_row_named(cast: Cast) -> None:
    folder = pathlib.Path("../shared/data/ledgers")
    if not folder.is_dir():
        pytest.skip("no real files beside this checkout")
    for path in (one for one in folder.rglob("*") if one.is_file()):
        sheet = brought(cast, path.read_bytes(), path.name)
        customer = next(iter(sheet.columns.values()))  # these name none: any column will do
        choose(sheet, sheet.columns | {"counterparty": customer}, unit=sheet.unit, by=cast.archivist)
        bring_in(sheet, by=cast.archivist)
        sheet.refresh_from_db()
        stands = counts(sheet)
        assert stands.rows == sheet.rows_total > 50
        assert stands.registered + stands.refused + stands.skipped == stands.rows
        refused = LedgerRow.objects.filter(sheet=sheet, state=RowState.REFUSED)
        assert all(row.problems for row in refused)


def test_copies_holder_and_place_come_from_the_ledger(cast: Cast) -> None:
    headings = ["客户名称", "正本份数", "已收回", "副本", "原件保管人", "存放位置", "归档盒"]
    lines = [
        ["澄湖机电有限公司", "2份", "贰", "1", "周文澜", "一库-03柜-2层-07盒", "2025-12"],
        ["远帆设备有限公司", "齐", "/", "", "", "二库", ""],
    ]
    sheet = brought(cast, write_sheet(lines, headings))
    bring_in(sheet, by=cast.archivist)
    assert said(sheet) == {2: ["intake.no_number"], 3: ["intake.count_unread", "intake.no_number"]}
    full, other = Contract.objects.order_by("id")
    assert (full.originals, full.originals_back, full.duplicates) == (2, 2, 1)
    assert (full.original_holder, full.place, full.binder) == ("周文澜", "一库-03柜-2层-07盒", "2025-12")
    assert not full.lacks_originals
    assert (other.originals, other.originals_back, other.place) == (None, None, "二库")


def test_a_corrected_count_is_taken_and_taken_back(cast: Cast) -> None:
    headings = ["合同编号", "客户名称", "正本份数", "存放位置"]
    first = brought(cast, write_sheet([["QMJ-09", "澄湖机电有限公司", "2", "一库"]], headings))
    bring_in(first, by=cast.archivist)
    second = brought(cast, write_sheet([["QMJ-09", "澄湖机电有限公司", "", "二库"]], headings))
    bring_in(second, by=cast.archivist)
    contract = Contract.objects.get(number="QMJ-09")
    assert (contract.originals, contract.place) == (None, "二库")
    undo(second, by=cast.archivist, why="导错了")
    contract.refresh_from_db()
    assert (contract.originals, contract.place) == (2, "一库")
