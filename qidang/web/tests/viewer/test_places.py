"""落笔处: the boxes of characters, in running lines and in the cells of tables."""

import pytest

from qidang.reading.paper import Box, Cell, Line, Page, Table
from qidang.web.viewer.places import places


def page() -> Page:
    """Return a page with a running line and a table of two rows under it."""
    rows = [
        [Cell("品名", (0.1, 0.2, 0.3, 0.24), 0, 0), Cell("数控车床", (0.3, 0.2, 0.7, 0.24), 0, 1)],
        [Cell("第一条 付款\n第二条 验收", (0.1, 0.24, 0.7, 0.30), 1, 0, colspan=2)],
    ]
    lines = [Line("甲乙丙丁戊己庚辛壬癸", (0.1, 0.1, 0.5, 0.12)), Line("品名\t数控车床", (0.1, 0.2, 0.7, 0.24))]
    lines.append(Line("第一条 付款 第二条 验收", (0.1, 0.24, 0.7, 0.30)))
    return Page(1, 595, 842, lines, [Table(rows, 1, 2)])


def found(words: str) -> list[Box]:
    one = page()
    start = one.text.index(words)
    return places(one, start, start + len(words))


def test_running_words_have_their_share_of_the_line() -> None:
    assert found("丙丁") == [pytest.approx((0.18, 0.1, 0.26, 0.12))]


def test_a_whole_cell_is_boxed_as_it_stands() -> None:
    assert found("数控车床") == [(0.3, 0.2, 0.7, 0.24)]


def test_part_of_a_cell_has_its_share_of_it() -> None:
    assert found("车床") == [pytest.approx((0.5, 0.2, 0.7, 0.24))]


def test_a_line_of_a_cell_with_several_is_boxed_alone() -> None:
    [(left, top, right, bottom)] = found("验收")
    assert (top, bottom) == pytest.approx((0.27, 0.30))
    assert 0.4 < left < right == pytest.approx(0.7)


def test_a_wrapped_cell_has_its_words_on_their_line() -> None:
    wrapped = Cell("二〇二五年四月二十五日前", (0.1, 0.2, 0.3, 0.25), 0, 0)
    one = Page(
        1,
        595,
        842,
        [Line("正文正文", (0.1, 0.1, 0.5, 0.12)), Line(wrapped.text, wrapped.box)],
        [Table([[wrapped]], 1, 1)],
    )
    start = one.text.index("二十五")
    [(left, top, right, bottom)] = places(one, start, start + 3)
    assert (top, bottom) == pytest.approx((0.225, 0.25))
    assert 0.13 < left < right < 0.25


def test_words_over_two_cells_have_a_box_in_each() -> None:
    assert len(found("品名\t数控车床")) == 2


def test_a_page_without_boxes_has_no_place() -> None:
    flowing = Page(
        1, lines=[Line("品名\t数量")], tables=[Table([[Cell("品名", None, 0, 0), Cell("数量", None, 0, 1)]], 0, 0)]
    )
    assert places(flowing, 0, 2) == []
