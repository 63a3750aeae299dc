"""How pages are laid: turned, moved, parted, left out; a layout that makes no sense is refused."""

import pytest

from qidang.intake.layout import Layout
from qidang.kit.refusal import Refused

PAGES = {7: 3, 9: 2}


def laid(text: str) -> Layout:
    return Layout.read(text, PAGES)


def test_at_first_all_pages_lie_in_one_paper() -> None:
    assert str(Layout.of(PAGES)) == "7.1.0 7.2.0 7.3.0 9.1.0 9.2.0"


def test_a_layout_is_read_as_it_was_written() -> None:
    text = "7.2.90 7.1.0 / 9.1.270"
    assert str(laid(text)) == text


@pytest.mark.parametrize(
    "text", ["", "/", "7.4.0", "8.1.0", "7.1.45", "7.1", "7.1.0 7.1.90", "七.1.0", "7.1.0.0", "7.0.0"]
)
def test_pages_that_are_not_there_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        laid(text)
    assert refusal.value.code == "intake.bad_layout"


def test_pages_are_turned_round_and_back() -> None:
    layout = Layout.of({7: 2}).turned({1}, 90)
    assert str(layout) == "7.1.0 7.2.90"
    assert str(layout.turned({1}, 270)) == "7.1.0 7.2.0"


def test_a_paper_begins_where_it_is_parted_and_is_joined_again() -> None:
    layout = Layout.of({7: 3}).parted({1})
    assert str(layout) == "7.1.0 / 7.2.0 7.3.0"
    assert layout.starts == {0, 1}
    assert str(layout.parted({1})) == "7.1.0 7.2.0 7.3.0"
    assert str(layout.parted({0, 2}).whole()) == "7.1.0 7.2.0 7.3.0"


def test_pages_move_into_the_paper_before_whose_page_they_are_set() -> None:
    layout = laid("7.1.0 7.2.0 / 7.3.0 9.1.0")
    assert str(layout.moved({3}, 1)) == "7.1.0 9.1.0 7.2.0 / 7.3.0"
    assert str(layout.moved({0}, 3)) == "7.2.0 / 7.3.0 7.1.0 9.1.0"
    assert str(layout.moved({0, 1}, 99)) == "7.3.0 9.1.0 7.1.0 7.2.0"
    assert str(layout.moved({0, 1, 2, 3}, 0)) == "7.1.0 7.2.0 7.3.0 9.1.0"


def test_pages_step_to_and_fro() -> None:
    layout = Layout.of({7: 3})
    assert str(layout.shifted({1}, -1)) == "7.2.0 7.1.0 7.3.0"
    assert str(layout.shifted({0}, 1)) == "7.2.0 7.1.0 7.3.0"
    assert str(layout.shifted({0}, -1)) == str(layout.shifted({2}, 1)) == str(layout.shifted(set(), 1)) == str(layout)


def test_pages_are_left_out_but_never_all() -> None:
    assert str(laid("7.1.0 / 7.2.0 7.3.0").without({0})) == "7.2.0 7.3.0"
    with pytest.raises(Refused) as refusal:
        laid("7.1.0").without({0})
    assert refusal.value.code == "intake.no_pages_left"


def test_papers_begin_where_it_is_suggested() -> None:
    assert str(Layout.of(PAGES).parted_at([(7, 3), (9, 1)])) == "7.1.0 7.2.0 / 7.3.0 / 9.1.0 9.2.0"
