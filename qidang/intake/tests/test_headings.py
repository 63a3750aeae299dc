"""表头: found in the rows where people write it, joined over several rows, and known again."""

from typing import Any

import pytest

from qidang.intake import headings
from qidang.intake.columns import guess, known
from qidang.intake.tabs import Tab
from qidang.intake.tests.ledgers import rows, three_row_heading
from qidang.reading.grid import Grid
from qidang.reading.sniffing import CSV, ZIP
from qidang.reading.tabulating import grids

LINE = [1, "HT-1", "车床买卖合同", "2024.3.5", 12.5, "人民币", "澄湖机电有限公司", ""]


def grid_of(content: bytes | str) -> Grid:
    """Return the first tab of an XLSX, or of a CSV given as text."""
    return grids(content.encode(), CSV)[0] if isinstance(content, str) else grids(content, ZIP)[0]


def test_a_heading_of_two_rows_below_a_title_is_joined() -> None:
    heading = headings.find(grid_of(three_row_heading(LINE)))
    assert (heading.top, heading.bottom) == (1, 2)
    assert heading.listed == [
        "序号",
        "合同信息/编号",
        "合同信息/合同名称",
        "合同信息/签订日期",
        "金额/含税金额（万元）",
        "金额/币种",
        "客户/名称",
        "备注",
    ]
    assert guess(heading.listed) == {
        "number": 1,
        "title": 2,
        "signed_on": 3,
        "amount": 4,
        "currency": 5,
        "counterparty": 6,
        "remarks": 7,
    }


def test_groups_of_a_csv_stand_over_the_blank_columns_behind_them() -> None:
    heading = headings.find(grid_of("合同信息,,客户,\n编号,合同名称,名称,电话\n1,车床,澄湖,1\n"))
    assert heading.listed[2:] == ["客户/名称", "客户/电话"] or heading.height == 1


def test_a_subdivided_last_column_belongs_to_the_heading() -> None:
    content = rows(
        ["合同编号", "合同名称", "客户名称", "合同金额", ""],
        ["", "", "", "含税", "不含税"],
        ["HT-1", "车床", "澄湖", 113, 100],
        merged=[("A1:A2", "合同编号"), ("B1:B2", "合同名称"), ("C1:C2", "客户名称"), ("D1:E1", "合同金额")],
    )
    heading = headings.find(grid_of(content))
    assert heading.listed[3:] == ["合同金额/含税", "合同金额/不含税"]
    assert guess(heading.listed)["amount"] == 3
    assert guess(heading.listed)["amount_excl_tax"] == 4


def test_a_heading_that_nobody_knows_is_the_first_full_row() -> None:
    assert headings.find(grid_of("表一\n甲列,乙列,丙列\n1,2,3\n")).top == 1


def test_a_row_of_data_is_never_taken_into_the_heading() -> None:
    heading = headings.find(grid_of("合同编号,合同名称,客户名称\n合同编号1,名称,客户\nB,名称,客户\n"))
    assert (heading.top, heading.bottom) == (0, 0)


def test_the_same_headings_have_the_same_fingerprint() -> None:
    one, other = (headings.find(grid_of(f"合同编号,客户名称\n{n},澄湖\n")) for n in (1, 2))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != headings.find(grid_of("客户名称,合同编号\n1,澄湖\n")).fingerprint


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("*合同编号", "number"),
        ("合同金额（万元）", "amount"),
        ("合同总金额(人民币元)", "amount"),
        ("甲方/名称", "counterparty"),
        ("签订日期：", "signed_on"),
        ("Contract No.", "number"),
        ("到期日", "expires_on"),
    ],
)
def test_headings_are_known_with_units_and_marks(heading: str, field: str) -> None:
    assert list(guess([heading])) == [field]


def test_beginnings_of_words_do_not_make_a_heading() -> None:
    assert known(["合同编号HT-1", "客户澄湖"]) == 0


def _tab(*lines: list[Any], merged: Any = ()) -> Tab:
    grid = grid_of(rows(*lines, merged=merged))
    return Tab(grid, headings.find(grid))


def test_merged_cells_stand_in_every_row_they_cover() -> None:
    tab = _tab(
        ["合同编号", "客户名称", "合同金额"],
        ["HT-1", "澄湖", 9],
        ["HT-2", "", ""],
        merged=[("B2:B3", "澄湖"), ("C2:C3", 9)],
    )
    first, second = tab.rows()
    assert (first.cells[1], second.cells[1]) == ("澄湖", "澄湖")
    assert (first.borrowed, second.borrowed) == (frozenset(), frozenset({1, 2}))


def test_totals_and_the_heading_once_more_are_no_contracts() -> None:
    tab = _tab(
        ["合同编号", "客户名称", "合同金额"],
        ["HT-1", "澄湖", 9],
        ["合同编号", "客户名称", "合同金额"],
        ["", "合计：", 9],
    )
    codes = [skipped.code if (skipped := tab.skipped(row)) else "" for row in tab.rows()]
    assert codes == ["", "intake.heading_again", "intake.totals_row"]
