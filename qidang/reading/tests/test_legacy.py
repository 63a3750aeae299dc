"""Old Word's tables come as a line of cells and are set into rows again."""

from qidang.reading.formats.legacy import rows_of


def test_a_line_of_cells_becomes_rows() -> None:
    assert rows_of("名称\t数量\t\t水泵\t3\t\t") == [["名称", "数量"], ["水泵", "3"]]


def test_empty_cells_do_not_end_a_row() -> None:
    assert rows_of("名称\t数量\t备注\t\t水泵\t3\t\t\t阀\t\t\t\t") == [
        ["名称", "数量", "备注"],
        ["水泵", "3", ""],
        ["阀", "", ""],
    ]
