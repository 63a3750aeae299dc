"""客户表: a sheet of customers is tried, taken in, and taken back; each refused row says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from qidang.accounts.roster import Line
from qidang.cast import Cast
from qidang.contracts import customer_sheets, merging, twins
from qidang.contracts.choices import NameKind
from qidang.contracts.models import Company, CompanyCode, Contact, CustomerRow, CustomerSheet, Twins
from qidang.contracts.tests.conftest import CUSTOMER, Registrar
from qidang.contracts.tests.test_companies import CODE, coded
from qidang.kit.refusal import Refused
from qidang.ledger import verify_all
from qidang.ledger.models import Entry

pytestmark = pytest.mark.django_db
OTHER = coded("91320594MA1X00001")
State = CustomerRow.State


def lines(*rows: dict[str, str]) -> list[Line]:
    """Return rows as a sheet numbers them, below its heading."""
    return [Line(number, row) for number, row in enumerate(rows, start=2)]


def tried(cast: Cast, *rows: dict[str, str]) -> CustomerSheet:
    """Try a sheet of these rows."""
    return customer_sheets.bring(lines(*rows), "客户.xlsx", by=cast.archivist)


def taken(cast: Cast, *rows: dict[str, str]) -> CustomerSheet:
    """Take a sheet of these rows in."""
    sheet = customer_sheets.take(tried(cast, *rows), by=cast.archivist)
    assert customer_sheets.carry_on(sheet)
    return sheet


def undone(cast: Cast, sheet: CustomerSheet) -> CustomerSheet:
    """Take it back."""
    customer_sheets.undo(sheet, by=cast.archivist, why="选错了文件")
    assert customer_sheets.carry_on(sheet)
    return sheet


def told(sheet: CustomerSheet) -> list[Any]:
    """Return by row what becomes of it, or why not."""
    return [row.refused.get("code") or row.state for row in sheet.rows.all()]


@pytest.fixture
def customer(cast: Cast) -> Company:
    """An everyday customer with a code."""
    return Company.add(name=CUSTOMER, uscc=CODE, code="K001", address="甲路 1 号", by=cast.archivist)


def test_a_trial_says_of_each_row_what_it_would_do_and_does_nothing(cast: Cast, customer: Company) -> None:
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    Company.add(name="无码客户有限公司", by=cast.archivist)
    sheet = tried(
        cast,
        {"name": "新客户有限公司", "uscc": OTHER, "erp": "10023", "phone": "0512-6001"},
        {"name": CUSTOMER, "address": "乙路 2 号"},
        {"name": CUSTOMER, "uscc": CODE},
        {"name": "错码客户有限公司", "uscc": wrong},
        {"name": "新客户 有限公司", "uscc": OTHER.lower()},
        {"address": "没有名称"},
        {"name": "无码客户有限公司"},
        {"name": "另一家有限公司", "aliases": f"简称甲、{CUSTOMER}"},
        {"name": "缺系统有限公司", "codes": "10086"},
        {"name": "长名" * 120},
    )
    assert told(sheet) == [
        "new",
        "changed",
        "company.sheet_twice",
        "company.uscc_wrong",
        "company.sheet_twice",
        "company.name_missing",
        "same",
        "company.sheet_name_of_another",
        "company.code_missing",
        "company.bad_value",
    ]
    assert sheet.rows.get(number=3).changes == {"address": ["甲路 1 号", "乙路 2 号"]}
    assert sheet.rows.get(number=2).changes["erp"] == ["", "ERP 10023"]
    assert (
        "0512" not in CustomerRow.objects.filter(number=2).extra(select={"kept": "said"}).values("kept").get()["kept"]
    )
    assert not Company.objects.filter(name="新客户有限公司").exists()
    customer.refresh_from_db()
    assert customer.address == "甲路 1 号"


def test_rows_about_the_same_or_an_unclear_company_are_refused(cast: Cast, customer: Company) -> None:
    other = Company.add(name="别家有限公司", uscc=OTHER, code="K002", by=cast.archivist)
    third = coded("91320594MA1X00003")
    last, first = dt.date(2015, 1, 1), dt.date(2016, 1, 1)
    customer.add_alias("老名字厂", by=cast.archivist, kind=NameKind.FORMER, until_on=last)
    other.add_alias("老名字厂", by=cast.archivist, kind=NameKind.FORMER, from_on=first)
    assert told(tried(cast, {"name": CUSTOMER, "code": "K002"})) == ["company.sheet_name_of_another"]
    assert told(tried(cast, {"name": "老名字厂"})) == ["company.sheet_several"]
    assert told(tried(cast, {"name": CUSTOMER, "uscc": third})) == ["company.sheet_other_uscc"]
    assert told(tried(cast, {"name": CUSTOMER, "uscc": third, "code": "K001"})) == ["changed"]
    assert told(tried(cast, {"name": "谁", "uscc": CODE, "code": "K002"})) == ["company.sheet_disagrees"]


def test_what_is_taken_in_stands_with_its_names_and_codes_and_one_entry_a_batch(cast: Cast, customer: Company) -> None:
    row = {
        "name": "新客户有限公司",
        "uscc": OTHER,
        "aliases": "新客户；新客",
        "former": "老客户厂",
        "codes": "ERP 10023",
    }
    change = {"name": "苏州澄湖智能有限公司", "code": "K001", "phone": "0512-6001", "crm": "C-9"}
    sheet = taken(cast, row, change)
    assert told(sheet) == ["added", "updated"]
    new = Company.objects.get(uscc=OTHER)
    assert {(one.name, one.kind) for one in new.aliases.all()} == {
        ("新客户", NameKind.ALIAS),
        ("新客", NameKind.ALIAS),
        ("老客户厂", NameKind.FORMER),
    }
    assert [str(one) for one in new.codes.all()] == ["ERP 10023"]
    customer.refresh_from_db()
    assert (customer.name, customer.phone, customer.uscc) == ("苏州澄湖智能有限公司", "0512-6001", CODE)
    assert [one.name for one in customer.aliases.all()] == [CUSTOMER]  # older papers still find it
    entry = Entry.objects.get(act="customers.imported")
    assert {one.uid for one in entry.subjects.all()} == {new.uid, customer.uid, sheet.uid}
    assert "6001" not in entry.details.body
    assert verify_all().ok


def test_the_same_sheet_again_changes_nothing(cast: Cast, customer: Company) -> None:
    rows = ({"name": "新客户有限公司", "aliases": "新客", "erp": "7"}, {"name": CUSTOMER, "address": "乙路 2 号"})
    taken(cast, *rows)
    again = tried(cast, *rows)
    assert told(again) == ["same", "same"]
    with pytest.raises(Refused) as refusal:
        customer_sheets.take(again, by=cast.archivist)
    assert refusal.value.code == "company.sheet_nothing"


def test_undoing_brings_everything_back(cast: Cast, customer: Company) -> None:
    failed = Company.add(name="失码有限公司", by=cast.archivist)
    Company.objects.filter(pk=failed.pk).update(uscc_failed="91320594MA1X0")
    rows = (
        {"name": "新客户有限公司", "aliases": "新客", "erp": "7"},
        {"name": "改名后有限公司", "uscc": CODE, "crm": "9", "former": "老厂"},
        {"name": "失码有限公司", "uscc": OTHER},
    )
    sheet = taken(cast, *rows)
    twins.find()
    undone(cast, sheet)
    assert told(sheet) == ["undone", "undone", "undone"]
    assert not Company.objects.filter(name="新客户有限公司").exists()
    customer.refresh_from_db()
    failed.refresh_from_db()
    assert (customer.name, customer.aliases.count(), customer.codes.count()) == (CUSTOMER, 0, 0)
    assert (failed.uscc, failed.uscc_failed) == ("", "91320594MA1X0")
    assert not CompanyCode.objects.exists()
    assert Entry.objects.filter(act="customers.import_undone").exists()
    assert told(tried(cast, *rows)) == ["new", "changed", "changed"]


def test_what_somebody_touched_since_stays_and_says_so(cast: Cast, customer: Company, registered: Registrar) -> None:
    names = ["有合同有限公司", "有联系人有限公司", "被改有限公司", "被并有限公司", "没人动有限公司"]
    sheet = taken(cast, *({"name": name} for name in names), {"name": CUSTOMER, "address": "乙路"})
    registered(counterparty_name="有合同有限公司")
    new = {one.name: one for one in Company.objects.filter(name__in=names)}
    Contact.add(new["有联系人有限公司"], name="陈一", by=cast.archivist)
    new["被改有限公司"].edit({"address": "丙路"}, by=cast.archivist, edit_version=1)
    merging.merge(customer, new["被并有限公司"], by=cast.archivist)
    assert customer_sheets.touched_since(sheet).count() == 5
    undone(cast, sheet)
    kept, moved = "company.sheet_used", "company.sheet_touched"
    assert told(sheet) == [kept, kept, moved, moved, "undone", moved]
    assert not Company.objects.filter(name="没人动有限公司").exists()
    assert Company.objects.filter(name__in=names).count() == 4


def test_a_row_whose_company_changed_since_the_trial_is_refused(cast: Cast, customer: Company) -> None:
    sheet = tried(cast, {"name": CUSTOMER, "address": "乙路"}, {"name": "同时新增有限公司"}, {"name": "别的有限公司"})
    customer.edit({"address": "丙路"}, by=cast.archivist, edit_version=1)
    Company.add(name="同时新增有限公司", by=cast.archivist)
    customer_sheets.take(sheet, by=cast.archivist)
    customer_sheets.carry_on(sheet)
    assert told(sheet) == ["company.changed_meanwhile", "company.taken", "added"]


def test_what_was_interrupted_is_carried_on(cast: Cast, customer: Company) -> None:
    sheet = tried(cast, *({"name": f"第{n}号有限公司"} for n in range(12)))
    customer_sheets.take(sheet, by=cast.archivist)
    assert not customer_sheets.carry_on(sheet, seconds=0)
    assert sheet.is_busy
    with pytest.raises(Refused) as refusal:
        customer_sheets.undo(sheet, by=cast.archivist, why="早了")
    assert refusal.value.code == "company.sheet_not_undoable"
    assert customer_sheets.carry_on_all() == 1
    assert customer_sheets.carry_on_all() == 0
    assert customer_sheets.counts(sheet) == {"added": 12}


def test_refused_are_an_empty_sheet_a_second_import_no_reason_and_who_keeps_no_companies(
    cast: Cast, customer: Company
) -> None:
    codes = []
    sheet = taken(cast, {"name": "新客户有限公司"})
    acts: tuple[Callable[[], Any], ...] = (
        lambda: customer_sheets.bring([], "空.xlsx", by=cast.archivist),
        lambda: customer_sheets.bring(lines({"name": "甲"}), "甲.xlsx", by=cast.salesperson),
        lambda: customer_sheets.take(sheet, by=cast.archivist),
        lambda: customer_sheets.undo(sheet, by=cast.archivist, why=" "),
        lambda: customer_sheets.undo(sheet, by=cast.salesperson, why="不归他"),
    )
    for act in acts:
        with pytest.raises(Refused) as refusal:
            act()
        codes.append(refusal.value.code)
    denied = "accounts.not_allowed"
    assert codes == [
        "company.sheet_empty",
        denied,
        "company.sheet_done",
        "company.sheet_undo_why_missing",
        denied,
    ]
    assert not CustomerSheet.objects.visible_to(cast.salesperson).exists()
    assert not Twins.objects.exists()
