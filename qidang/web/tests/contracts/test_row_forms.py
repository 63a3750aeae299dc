"""签约方, 标的明细 and 付款节点 in the forms of registering and changing."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.values import InstalmentValues, LineItemValues, PartyValues
from qidang.web.contracts import rows as room
from qidang.web.tests.conftest import MakeContract, Visit
from qidang.web.tests.contracts.test_writing_pages import filled

pytestmark = pytest.mark.django_db


def sent(kind: str, rows: list[dict[str, str]], seen: int = 0) -> dict[str, str]:
    """Return rows as a browser sends them; the first ``seen`` of them stood in the form before."""
    named = {f"{kind}-TOTAL_FORMS": str(len(rows)), f"{kind}-INITIAL_FORMS": str(seen)}
    return named | {f"{kind}-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}


BUYER = {"name": "江川自动化有限公司", "role": "BUYER", "side": "甲方", "uscc": "", "account": "6222000011112222"}
SPINDLE = {"name": "主轴", "spec": "BT40", "quantity": "1,200", "unit_price": "3.125", "amount": "3750"}
DOWN = {"name": "预付款", "percent": "30%", "amount": "1125", "trigger": "签订后 5 日内", "due_on": "2026.3.10"}


@pytest.fixture
def rich(make_contract: MakeContract) -> Contract:
    """A contract with rows of every kind, which hold more than the form shows."""
    return make_contract(
        parties=(
            PartyValues(name="启明精密机械有限公司", role="SELLER", side="乙方", account="1100220033004400"),
            PartyValues(name="江川自动化有限公司", role="BUYER", side="甲方", phone="13800001234"),
        ),
        line_items=(
            LineItemValues(name="主轴", brand="启明", quantity=Decimal("3.5"), amount=Decimal("100")),
            LineItemValues(name="夹具", vat_rate=Decimal("0.13")),
        ),
        instalments=(InstalmentValues(name="预付款", percent=Decimal("0.3"), days=5),),
    )


def written(rows: Any) -> list[dict[str, str]]:
    """Return the rows that a form shows, as a browser sends them back untouched."""
    return [
        {bound.name: str(bound.value() if bound.value() is not None else "") for bound in row if bound.name != "DELETE"}
        for row in rows.initial_forms
    ]


def test_a_contract_is_registered_with_its_rows(cast: Cast, visit: Visit) -> None:
    rows = sent("parties", [BUYER, {"name": ""}]) | sent("line_items", [SPINDLE]) | sent("instalments", [DOWN, {}])
    assert visit(cast.salesperson).post("/contracts/new/", filled(cast, **rows)).status_code == 302
    made = Contract.objects.get(title="测试台架合同")
    party, item, part = made.parties.get(), made.line_items.get(), made.instalments.get()
    assert [party.side, party.role, party.account] == ["甲方", "BUYER", "6222000011112222"]
    assert party.company == made.counterparty
    assert [item.quantity, item.unit_price, item.amount] == [Decimal("1200"), Decimal("3.125"), Decimal("3750")]
    assert [part.percent, part.due_on] == [Decimal("0.3"), dt.date(2026, 3, 10)]


def test_sums_that_differ_are_no_refusal(cast: Cast, visit: Visit) -> None:
    shares = sent("instalments", [{"name": "一期", "percent": "80"}, {"name": "二期", "percent": "100%"}])
    rows = sent("line_items", [SPINDLE | {"amount": "999999"}]) | shares
    assert visit(cast.salesperson).post("/contracts/new/", filled(cast, **rows)).status_code == 302
    assert Contract.objects.get(title="测试台架合同").instalments.count() == 2


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        ("parties", BUYER | {"name": ""}, "name"),
        ("line_items", SPINDLE | {"quantity": "若干"}, "quantity"),
        ("line_items", SPINDLE | {"quantity": "0.00001"}, "quantity"),
        ("line_items", SPINDLE | {"amount": "1.005"}, "amount"),
        ("line_items", SPINDLE | {"name": ""}, "name"),
        ("instalments", DOWN | {"percent": "三成半多"}, "percent"),
        ("instalments", DOWN | {"due_on": "下个月"}, "due_on"),
    ],
)
def test_a_row_that_is_wrong_says_where_and_keeps_what_was_typed(
    cast: Cast, visit: Visit, kind: str, row: dict[str, str], field: str
) -> None:
    answer = visit(cast.salesperson).post("/contracts/new/", filled(cast, **sent(kind, [row])))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#id_{kind}-0-{field}"' in page
    assert row["name"] in page
    assert not Contract.objects.exists()


def test_a_number_that_no_column_holds_is_refused_in_words(cast: Cast, visit: Visit) -> None:
    for quantity in ("9" * 30, "9" * 39):
        answer = visit(cast.salesperson).post(
            "/contracts/new/", filled(cast, **sent("line_items", [SPINDLE | {"quantity": quantity}]))
        )
        assert answer.status_code == 409
        assert "contract.bad_value" in answer.content.decode()


def test_the_form_of_a_change_shows_the_rows_and_sealed_values_in_clear(
    cast: Cast, visit: Visit, rich: Contract
) -> None:
    page = visit(cast.salesperson).get(f"/contracts/{rich.uid}/edit/").content.decode()
    for value in ("1100220033004400", "13800001234", "主轴", "30%", "3.5"):
        assert f'value="{value}"' in page
    assert "data-sealed" in page


def test_the_page_adds_up_and_says_how_far_it_is_from_the_amount(cast: Cast, visit: Visit, rich: Contract) -> None:
    page = visit(cast.salesperson).get(f"/contracts/{rich.uid}/").content.decode()
    assert page.count("<tfoot>") == 2
    assert "与合同金额相差" not in page  # one line has no amount
    items = (LineItemValues(name="主轴", amount=Decimal("100")),)
    rich.edit({"line_items": items}, by=cast.salesperson, edit_version=rich.edit_version, why="录错了")
    page = visit(cast.salesperson).get(f"/contracts/{rich.uid}/").content.decode()
    assert "与合同金额相差 -¥124,900.50" in page


def test_who_may_not_change_sees_no_account_in_full(cast: Cast, visit: Visit, rich: Contract) -> None:
    page = visit(cast.auditor).get(f"/contracts/{rich.uid}/").content.decode()
    assert "**** 4400" in page
    assert "1100220033004400" not in page
    assert "**** 1234" in page
    assert visit(cast.auditor).get(f"/contracts/{rich.uid}/edit/").status_code == 403
    assert visit(cast.rival).get(f"/contracts/{rich.uid}/edit/").status_code == 404


def test_rows_that_nobody_touched_are_no_change(cast: Cast, visit: Visit, rich: Contract) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{rich.uid}/edit/"
    rows = {made.prefix: made for made in client.get(page).context["rows"]}
    form = filled(cast, remarks="只改备注", edit_version=rich.edit_version)
    for kind, made in rows.items():
        form |= sent(kind, written(made), len(made.initial))
    assert client.post(page, form).status_code == 302
    assert not rich.revisions.filter(field__in=("parties", "line_items", "instalments")).exists()


def test_rows_are_changed_taken_out_and_keep_what_the_form_does_not_show(
    cast: Cast, visit: Visit, rich: Contract
) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{rich.uid}/edit/"
    items = [{"place": "1", "name": "电主轴", "quantity": "4"}, {"place": "2", "name": "夹具", "DELETE": "on"}]
    form = filled(cast, edit_version=rich.edit_version, **sent("line_items", [*items, {"name": "刀柄"}], 2))
    assert client.post(page, form).status_code == 302
    kept = [(item.no, item.name, item.brand) for item in rich.line_items.order_by("no")]
    assert kept == [(1, "电主轴", "启明"), (2, "刀柄", "")]
    assert rich.parties.count() == 2  # what was not sent stays
    story = client.get(f"/contracts/{rich.uid}/?tab=log").content.decode()
    assert "1. 电主轴 · 启明" in story
    assert "{&quot;" not in story


def test_a_row_emptied_by_hand_is_taken_out(cast: Cast, visit: Visit, rich: Contract) -> None:
    empty = {"place": "1", "name": "", "percent": "", "amount": "", "trigger": "", "due_on": ""}
    form = filled(cast, edit_version=rich.edit_version, **sent("instalments", [empty], 1))
    assert visit(cast.salesperson).post(f"/contracts/{rich.uid}/edit/", form).status_code == 302
    assert not rich.instalments.exists()


def test_rows_saved_by_somebody_else_meanwhile_are_not_overwritten(cast: Cast, visit: Visit, rich: Contract) -> None:
    seen = rich.edit_version
    rich.edit({"line_items": ()}, by=cast.manager, edit_version=seen, why="录错了")
    form = filled(cast, edit_version=seen, **sent("line_items", [{"place": "1", "name": "电主轴"}], 1))
    answer = visit(cast.salesperson).post(f"/contracts/{rich.uid}/edit/", form)
    assert answer.status_code == 409
    assert "contract.changed_meanwhile" in answer.content.decode()
    assert 'value="电主轴"' in answer.content.decode()
    assert not rich.line_items.exists()


def test_more_rows_than_a_form_takes_are_left_as_they_are(
    cast: Cast, visit: Visit, rich: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST", 1)
    client, page = visit(cast.salesperson), f"/contracts/{rich.uid}/edit/"
    assert "共 2 行" in client.get(page).content.decode()
    form = filled(cast, edit_version=rich.edit_version, **sent("line_items", [{"name": "别的"}]))
    assert client.post(page, form).status_code == 302
    assert [item.name for item in rich.line_items.order_by("no")] == ["主轴", "夹具"]
