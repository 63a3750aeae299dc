"""自定义字段: defined by whom, kept exactly, corrected with a reason, found, sorted, closed."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from qidang.cast import Cast
from qidang.contracts.defining import MOST, change, close, define, reopen
from qidang.contracts.models import Company, Contract, CustomField, CustomValue
from qidang.contracts.register import Filters, Register
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import Registrar, values
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
Define = Callable[..., CustomField]


@pytest.fixture
def field(cast: Cast) -> Define:
    """Define a field of sales contracts by the archivist."""

    def make(label: str = "质保期", kind: str = "TEXT", **changes: Any) -> CustomField:
        usual: dict[str, Any] = {"contract_type": "买卖合同", "active_from": dt.date(2020, 1, 1)}
        return define(by=cast.archivist, label=label, kind=kind, **(usual | changes))

    return make


def with_value(registered: Registrar, field: CustomField, value: object, **changes: object) -> Contract:
    """Return a new contract with this value."""
    return registered(custom={field.name: value}, **changes)


def refused(code: str, act: Callable[[], object]) -> None:
    """The act is refused with this code."""
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code


def found(cast: Cast, field: CustomField, **asked: str) -> list[str]:
    """Return the titles the register finds; ``asked`` by "" (as "text"), "low", "high"."""
    ends = {"text": "", "low": "-from", "high": "-to"}
    query = QueryDict(mutable=True)
    query.update({field.name + ends[name]: text for name, text in asked.items()})
    filters = Filters.parsed(query, today=TODAY, customs=[field])
    again = Filters.parsed(QueryDict(filters.query()), today=TODAY, customs=[field])
    assert again == filters
    return sorted(one.title for one in Register(cast.salesperson, filters).page().rows)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("TEXT", " 三年 ", "三年"),
        ("NUMBER", "1,200.50", "1200.5"),
        ("NUMBER", Decimal("-3"), "-3"),
        ("MONEY", "12.5万元", {"amount": "125000.00", "currency": "CNY"}),
        ("MONEY", "USD 99.9", {"amount": "99.90", "currency": "USD"}),
        ("MONEY", "99999999999999.99", {"amount": "99999999999999.99", "currency": "CNY"}),
        ("DATE", "2026.3.5", "2026-03-05"),
        ("DATE", dt.date(2026, 3, 5), "2026-03-05"),
        ("CHOICE", "华 东", "华东"),
        ("YES_NO", "是", True),
        ("YES_NO", "0", False),
        ("PERSON", "没有这个人", {"uid": "", "name": "没有这个人"}),
        ("CUSTOMER", "没有这家有限公司", {"uid": "", "name": "没有这家有限公司"}),
    ],
)
def test_each_kind_keeps_its_values_exactly(
    registered: Registrar, field: Define, kind: str, value: object, kept: object
) -> None:
    one = field(kind=kind, options=["华东", "华南"])
    contract = Contract.objects.get(pk=with_value(registered, one, value).pk)
    assert contract.custom == {str(one.uid): kept}
    assert CustomValue.objects.get().contract == contract


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("NUMBER", "约三"),
        ("NUMBER", "0.0000001"),
        ("NUMBER", "NaN"),
        ("NUMBER", "1000000000000000"),
        ("MONEY", "1.001"),
        ("DATE", "某日"),
        ("CHOICE", "西北"),
        ("YES_NO", "也许"),
        ("TEXT", "长" * 1001),
    ],
)
def test_what_is_no_such_value_is_refused(registered: Registrar, field: Define, kind: str, value: object) -> None:
    one = field(kind=kind, options=["华东", "华南"])
    refused("contract.bad_value", lambda: with_value(registered, one, value))
    assert not Contract.objects.exists()


def test_a_person_and_a_customer_that_one_name_means_are_known(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    company = Company.add(name="远帆设备有限公司", by=cast.archivist)
    person, customer = field("售后", "PERSON"), field("最终用户", "CUSTOMER")
    contract = registered(custom={person.name: cast.lawyer.name, customer.name: "远帆设备有限公司"})
    assert contract.custom[person.key] == {"uid": str(cast.lawyer.uid), "name": cast.lawyer.name}
    assert contract.custom[customer.key] == {"uid": str(company.uid), "name": company.name}


def test_only_who_keeps_the_number_rules_defines_fields(cast: Cast) -> None:
    refused("accounts.not_allowed", lambda: define(by=cast.salesperson, label="质保期", kind="TEXT"))
    one = define(by=cast.archivist, label="质保期", kind="TEXT")
    for act in (lambda: close(one, by=cast.lawyer), lambda: change(one, {"label": "新"}, by=cast.lawyer)):
        refused("accounts.not_allowed", act)


def test_a_field_needs_a_name_of_its_own_and_a_choice_its_options(cast: Cast, field: Define) -> None:
    field("质保期")
    refused("custom_field.name_taken", lambda: field("质保期"))
    refused("custom_field.nameless", lambda: field(" "))
    refused("custom_field.without_options", lambda: field("区域", "CHOICE", options=["华东", " 华东 ", ""]))
    refused("contract.bad_value", lambda: field("区域", "COLOUR"))
    assert field("质保期", contract_type="").contract_type == ""


def test_a_type_has_only_so_many_fields(cast: Cast, field: Define) -> None:
    for number in range(MOST):
        field(f"字段{number}")
    refused("custom_field.too_many", lambda: field("再一个"))


def test_a_field_is_changed_closed_and_opened_again_and_the_log_tells(cast: Cast, field: Define) -> None:
    one = field("区域", "CHOICE", options=["华东", "华南"])
    changed = change(one, {"label": "销售区域", "options": ["华东", "西南"], "kind": "TEXT"}, by=cast.archivist)
    assert (changed.label, changed.options, changed.kind) == ("销售区域", ["华东", "西南"], "CHOICE")
    close(one, by=cast.archivist)
    refused("custom_field.closed", lambda: close(one, by=cast.archivist))
    field("销售区域")
    refused("custom_field.name_taken", lambda: reopen(one, by=cast.archivist))
    change(CustomField.objects.get(label="销售区域", kind="TEXT"), {"label": "别的"}, by=cast.archivist)
    reopen(one, by=cast.archivist)
    refused("custom_field.open", lambda: reopen(one, by=cast.archivist))
    acts = Entry.objects.filter(act__startswith="custom_field.").order_by("seq").values_list("act", flat=True)
    assert [act.partition(".")[2] for act in acts] == [
        *("defined", "changed", "closed", "defined", "changed", "reopened"),
    ]


def test_a_closed_field_takes_nothing_new_but_corrections_of_what_stands(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    one = field()
    contract, bare = with_value(registered, one, "三年"), registered(title="没有值")
    close(one, by=cast.archivist)
    refused("custom_field.closed", lambda: with_value(registered, one, "一年"))
    refused("custom_field.closed", lambda: bare.edit({one.name: "一年"}, by=cast.salesperson, edit_version=1))
    contract.edit({one.name: "两年"}, by=cast.salesperson, edit_version=1, why="写错")
    assert contract.custom[one.key] == "两年"


def test_a_field_begins_on_its_day_and_belongs_to_its_type(registered: Registrar, field: Define) -> None:
    later, other = field("以后", active_from=dt.date(2999, 1, 1)), field("租金", contract_type="租赁合同")
    refused("custom_field.closed", lambda: with_value(registered, later, "x"))
    refused("custom_field.other_type", lambda: with_value(registered, other, "x"))
    refused("contract.no_such_field", lambda: registered(custom={"custom-nothing": "x"}))


def test_a_person_must_fill_in_what_is_required_and_a_ledger_row_need_not(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    one = field(is_required=True)
    refused("contract.lacking", lambda: registered())
    assert registered(contract_type="租赁合同")
    register(values(cast), by=cast.salesperson, source="LEDGER_SHEET")
    contract = with_value(registered, one, "三年")
    refused("contract.lacking", lambda: contract.edit({one.name: ""}, by=cast.salesperson, edit_version=1, why="去掉"))


def test_a_correction_needs_its_reason_and_the_log_holds_no_value(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    one = field("保证金", "MONEY")
    contract = with_value(registered, one, "1000")
    refused(
        "contract.correction_unexplained",
        lambda: contract.edit({one.name: "2000"}, by=cast.salesperson, edit_version=1),
    )
    contract.edit({one.name: "2000"}, by=cast.salesperson, edit_version=1, why="录错")
    revision = contract.revisions.get()
    assert (revision.field, revision.old, revision.new) == (one.name, "1000.00 CNY", "2000.00 CNY")
    entry = Entry.objects.get(act="contract.corrected")
    assert "2000" not in entry.details.body
    assert json.loads(entry.details.body)["corrected"] == [one.name]
    assert contract.field_sources.get(field=one.name).source == "PERSON"
    contract.edit({one.name: ""}, by=cast.salesperson, edit_version=2, why="没有保证金")
    assert Contract.objects.get().custom == {}
    assert not CustomValue.objects.exists()


def test_to_fill_what_was_empty_needs_no_reason_and_the_same_value_changes_nothing(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    one, contract = field("保证金", "MONEY"), registered()
    contract.edit({one.name: "1000"}, by=cast.salesperson, edit_version=1)
    contract.edit({one.name: "1,000.00 CNY"}, by=cast.salesperson, edit_version=2)
    assert contract.edit_version == 2


def test_the_register_finds_by_words_choices_and_spans(cast: Cast, registered: Registrar, field: Define) -> None:
    text, choice = field("质保期"), field("区域", "CHOICE", options=["华东", "华南"])
    money, number = field("保证金", "MONEY"), field("台数", "NUMBER")
    day, yes = field("验收日", "DATE"), field("出口", "YES_NO")
    given = {text: "质保 三年", choice: "华东", money: "1000", number: "-2.5", day: "2026-03-05", yes: "是"}
    registered(title="甲", custom={one.name: value for one, value in given.items()})
    given = {text: "一年", choice: "华南", money: "USD 900", number: "30", day: "2026-12-01", yes: "否"}
    registered(title="乙", custom={one.name: value for one, value in given.items()})
    registered(title="丙")
    assert found(cast, text, text="三年 质保") == ["甲"]
    assert found(cast, choice, text="华南") == ["乙"]
    assert found(cast, yes, text="1") == ["甲"]
    assert found(cast, money, low="950") == ["甲"]
    assert found(cast, money, low="900", high="900") == ["乙"]
    assert found(cast, money, low="900", high="1000.00") == ["乙", "甲"]
    assert found(cast, number, high="0") == ["甲"]
    assert found(cast, number, low="-2.5", high="30") == ["乙", "甲"]
    assert found(cast, day, low="2026-03-06", high="2026-12-01") == ["乙"]
    assert found(cast, day, low="某日") == ["丙", "乙", "甲"]
    assert found(cast, choice, text="西北") == []


@pytest.mark.parametrize("few", [0, 2000])
def test_the_register_is_sorted_by_a_custom_field_page_by_page(
    cast: Cast, registered: Registrar, field: Define, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("qidang.contracts.register.FEW", few)
    one = field("台数", "NUMBER")
    for value in ("10", "9", "-1", "", "100", "9"):
        registered(title=value or "无", custom={one.name: value})
    up = Register(cast.salesperson, sort=one.name, customs=[one])
    titles, after = [], ""
    for _ in range(3):
        page = up.page(after, size=2)
        titles += [row.title for row in page.rows]
        after = page.after
    assert titles == ["-1", "9", "9", "10", "100", "无"]
    assert [row.title for row in up.page(before=page.before, size=2).rows] == ["9", "10"]
    down = Register(cast.salesperson, sort=f"-{one.name}", customs=[one])
    assert [row.title for row in down.all_rows(size=2)] == ["100", "10", "9", "9", "-1", "无"]
    assert Register(cast.salesperson, sort="custom-nothing", customs=[one]).column == "registered_at"


def test_registering_with_custom_values_costs_two_statements_more(
    cast: Cast, registered: Registrar, field: Define
) -> None:
    fields = [field(f"字段{n}") for n in range(5)]
    registered()
    with CaptureQueriesContext(connection) as bare:
        registered()
    with CaptureQueriesContext(connection) as full:
        registered(custom={one.name: "值" for one in fields})
    assert len(full) - len(bare) <= 3  # the fields looked up twice, outside and inside, and their keys written
