"""取格: every cell of a sheet, with what is hidden, merged and not worked out."""

import io
import pathlib

import pytest
import xlsxwriter

from qidang.reading.grid import Grid, pack, unpack
from qidang.reading.limits import Unreadable
from qidang.reading.sniffing import CSV, ZIP, sniff
from qidang.reading.tabulating import grids

TEXT = "合同编号{0}客户名称{0}金额\nHT-1{0}澄湖机电有限公司{0}128000\n\nHT-2{0}遠帆設備有限公司{0}3\n"


def workbook() -> bytes:
    """Return a workbook with two tabs, one of them hidden, and all that is odd in a ledger."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, other = book.add_worksheet("台账"), book.add_worksheet("旧")
        day = book.add_format({"num_format": "yyyy年m月d日"})
        sheet.write(0, 0, "编号")
        sheet.write(0, 16_383, "最后一列")
        sheet.write_number(1, 0, 45356, day)
        sheet.write_number(1, 1, 45356)
        sheet.write_formula(1, 2, "=B2*2", None, 90712)
        sheet.write_formula(1, 3, "=B2*3", None, "")
        sheet.write_number(1, 4, 0.1 + 0.2)
        sheet.write_boolean(1, 5, True)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write(3, 0, "藏着的")
        sheet.merge_range("A6:B7", "合并")
        sheet.write_rich_string(7, 0, "半", book.add_format({"bold": True}), "粗")
        other.write(0, 0, "旧账")
        other.hide()
    return out.getvalue()


def test_a_workbook_is_read_cell_by_cell() -> None:
    first, second = grids(workbook(), ZIP)
    assert first.rows[0] == {0: "编号", 16_383: "最后一列"}
    assert first.rows[1] == {0: "2024-03-05", 1: "45356", 2: "90712", 4: "0.3", 5: "TRUE"}
    assert first.uncalculated == [(1, 3)]
    assert first.hidden_rows == [3]
    assert first.merges == [(5, 0, 6, 1)]
    assert first.rows[7] == {0: "半粗"}
    assert (second.name, second.is_hidden, first.is_hidden) == ("旧", True, False)


def test_a_grid_travels_between_processes() -> None:
    kept = grids(workbook(), ZIP)
    assert unpack(pack(kept)) == kept
    assert kept[0].texts(0)[0] == "编号"
    assert Grid("空").height == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separated_values_are_read_in_every_encoding(encoding: str, separator: str) -> None:
    text = TEXT.format(separator)
    if encoding == "big5hkscs":
        text = (
            text.replace("编", "編")
            .replace("号", "號")
            .replace("客户", "客戶")
            .replace("机电", "機電")
            .replace("称", "稱")
        )
    [grid] = grids(text.replace("金额", "金額").encode(encoding), CSV)
    assert [len(grid.rows[number]) for number in (0, 1, 3)] == [3, 3, 3]
    assert grid.rows[1][2] == "128000"
    assert 2 not in grid.rows


def test_quoted_cells_keep_their_commas_and_lines() -> None:
    [grid] = grids('编号,名称,金额\n1,"车床,铣床\n两台","1,234.00"\n'.encode(), CSV)
    assert grid.rows[1] == {0: "1", 1: "车床,铣床 两台", 2: "1,234.00"}


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\x00\x01\x02 nothing"])
def test_what_is_no_sheet_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        grids(content, sniff(content, "台账.xlsx")[0])


def test_every_real_ledger_is_read() -> None:
    folder = pathlib.Path("../shared/data/ledgers")
    if not folder.is_dir():
        pytest.skip("no real files beside this checkout")
    for path in (one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        found = grids(content, sniff(content[:4096], path.name)[0])
        assert sum(len(grid.rows) for grid in found) > 50, path.name
