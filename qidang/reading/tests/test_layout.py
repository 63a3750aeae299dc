"""The layout of a page: lines in order, columns, tables by their frames, slanted images."""

from qidang.reading.layout import arrange
from qidang.reading.paper import Box, Span

WIDTH, HEIGHT = 600.0, 800.0


def _span(text: str, x: float, y: float, score: float = 1.0, size: float = 12.0) -> Span:
    """A span of letters of 12 points whose left top corner is at (x, y) points."""
    wide = sum(6 if char.isascii() else 12 for char in text)
    return Span(text, (x / WIDTH, y / HEIGHT, (x + wide) / WIDTH, (y + size) / HEIGHT), size, score)


def _across(y: float, x0: float, x1: float) -> Box:
    return x0 / WIDTH, y / HEIGHT, x1 / WIDTH, (y + 1) / HEIGHT


def _down(x: float, y0: float, y1: float) -> Box:
    return x / WIDTH, y0 / HEIGHT, (x + 1) / WIDTH, y1 / HEIGHT


def test_the_halves_of_a_signature_line_are_parted_by_a_tab() -> None:
    lines, tables = arrange([_span("乙方：于涛", 330, 100), _span("甲方：宋敏", 60, 101)], WIDTH, HEIGHT)
    assert [line.text for line in lines] == ["甲方：宋敏\t乙方：于涛"]
    assert tables == []


def test_a_framed_table_has_its_cells_and_a_line_for_each_row() -> None:
    rules = [_across(y, 50, 450) for y in (90, 120, 160)] + [_down(x, 90, 160) for x in (50, 150, 450)]
    spans = [_span("品名", 60, 98), _span("金额", 160, 98), _span("螺栓", 60, 130), _span("1,000.00", 160, 130)]
    lines, tables = arrange(spans, WIDTH, HEIGHT, rules)
    assert [line.text for line in lines] == ["品名\t金额", "螺栓\t1,000.00"]
    assert [[cell.text for cell in row] for row in tables[0].rows] == [["品名", "金额"], ["螺栓", "1,000.00"]]
    assert (tables[0].first_line, tables[0].last_line) == (0, 1)


def test_a_cell_that_was_wrapped_is_joined_and_another_line_is_kept_apart() -> None:
    rules = [_across(y, 50, 250) for y in (90, 160)] + [_down(x, 90, 160) for x in (50, 132, 250)]
    spans = [_span("环氧地坪漆", 60, 98), _span("用", 60, 116), _span("甲", 140, 98), _span("乙", 140, 116)]
    lines, tables = arrange(spans, WIDTH, HEIGHT, rules)
    assert [cell.text for cell in tables[0].rows[0]] == ["环氧地坪漆用", "甲\n乙"]
    assert lines[0].text == "环氧地坪漆用\t甲 乙"


def test_cells_without_a_rule_between_them_are_one() -> None:
    rules = [_across(y, 50, 450) for y in (90, 120, 150)] + [_down(x, 90, 150) for x in (50, 450)]
    rules.append(_down(250, 90, 120))
    spans = [_span("甲", 60, 98), _span("乙", 260, 98), _span("合计：壹仟元整", 60, 128)]
    _, tables = arrange(spans, WIDTH, HEIGHT, rules)
    assert [(cell.text, cell.colspan) for cell in tables[0].rows[1]] == [("合计：壹仟元整", 2)]


def test_text_above_and_below_a_table_stays_there() -> None:
    rules = [_across(y, 50, 450) for y in (190, 220)] + [_down(x, 190, 220) for x in (50, 250, 450)]
    spans = [_span("下文", 60, 300), _span("格一", 60, 198), _span("格二", 260, 198), _span("上文", 60, 100)]
    lines, tables = arrange(spans, WIDTH, HEIGHT, rules)
    assert [line.text for line in lines] == ["上文", "格一\t格二", "下文"]
    assert tables[0].first_line == 1


def test_two_full_columns_are_read_one_after_the_other() -> None:
    left = [_span("左栏的一行文字左栏的一行文字左栏的一行", 50, 100 + 20 * n) for n in range(10)]
    right = [_span("右栏的一行文字右栏的一行文字右栏的一行", 320, 100 + 20 * n) for n in range(10)]
    lines, _ = arrange(left + right, WIDTH, HEIGHT)
    assert [line.text[0] for line in lines] == ["左"] * 10 + ["右"] * 10


def test_a_slanted_page_is_read_level() -> None:
    def slanted(text: str, x: float, y: float) -> Span:
        return _span(text, x, y + 0.02 * x, score=0.98)

    spans = [
        slanted(f"第{row}行{part}", x, 100 + 16 * row)
        for row in range(9)
        for part, x in (("左", 60), ("中", 260), ("右", 460))
    ]
    lines, _ = arrange(spans, WIDTH, HEIGHT)
    assert [line.text for line in lines] == [f"第{row}行左\t第{row}行中\t第{row}行右" for row in range(9)]


def test_the_edge_of_a_photographed_sheet_is_no_table() -> None:
    rules = [_across(y, 10, 590) for y in (10, 790)] + [_down(x, 10, 790) for x in (10, 590)]
    lines, tables = arrange([_span("甲方：宋敏", 60, 100), _span("乙方：于涛", 60, 130)], WIDTH, HEIGHT, rules)
    assert len(lines) == 2
    assert tables == []


def test_a_seal_is_set_behind_the_text_that_it_covers() -> None:
    spans = [
        _span("供方：甲公司", 60, 100, 0.9),
        _span("合同专用章", 200, 102, 0.9),
        _span("需方：乙公司", 300, 100, 0.9),
    ]
    lines, _ = arrange(spans, WIDTH, HEIGHT)
    assert lines[0].text == "供方：甲公司\t需方：乙公司"
    assert lines[-1].text == "合同专用章"
