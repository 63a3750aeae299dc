"""匹配: traps first, then what holds of every ledger."""

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qidang.intake.filenames import plain
from qidang.intake.matching import Clash, File, Match, Read, Row, Sure, Way, match

DAY = dt.date(2024, 3, 5)
RIVER, LAKE = "江川自动化有限公司", "澄湖机电有限公司"


def only(rows: list[Row], path: str, read: Read | None = None) -> list[Match]:
    """Return the matches of one file."""
    return match(rows, [File(1, path, read)]).matches


def numbered(*numbers: str) -> list[Row]:
    """Return rows with these numbers, keyed from 1."""
    return [Row(key, number) for key, number in enumerate(numbers, start=1)]


@pytest.mark.parametrize(
    ("number", "path"),
    [
        ("HT-2024-001", "HT-2024-001.pdf"),
        ("HT-2024-001", "扫描/HT-2024-001 江川采购合同.PDF"),
        ("HT-2024-001", "ＨＴ－２０２４－００１采购合同.pdf"),
        ("HT-2024-001", "ht–2024—001(终稿).pdf"),
        ("HT-2024-001", "HT_2024_001.pdf"),
        ("HT-2024-001", "HT 2024 001 (1).pdf"),
        ("HT/2024/001", "HT-2024-001.pdf"),
        ("启精〔2024〕12号", "启精[2024]12号 主轴合同.pdf"),
        ("启精〔2024〕第12号", "启精（2024）12.pdf"),
        (" HT-2024-001 ", "合同HT-2024-001江川.pdf"),
    ],
)
def test_a_number_is_known_however_it_is_typed(number: str, path: str) -> None:
    [found] = only(numbered(number, "HT-2025-777"), path)
    assert (found.row, found.way, found.sure) == (1, Way.FILENAME, Sure.CERTAIN)


@pytest.mark.parametrize(
    "path",
    [
        "HT-2024-0012.pdf",
        "AHT-2024-001.pdf",
        "HT-2024-001a.pdf",
        "9HT-2024-001.pdf",
        "HT-20240-01.pdf",
        "H-T2024001.pdf",
    ],
)
def test_a_number_that_is_part_of_another_is_no_match(path: str) -> None:
    assert only(numbered("HT-2024-001"), path) == []


def test_the_longest_number_wins() -> None:
    [found] = only(numbered("HT-2024-001", "HT-2024-001-02"), "HT-2024-001-02 补充协议.pdf")
    assert (found.row, found.sure) == (2, Sure.CERTAIN)


def test_a_number_that_may_go_on_is_only_possible() -> None:
    for path in ("HT-2024-001-3.pdf", "XS-HT-2024-001.pdf", "HT-2024-001.2.pdf"):
        [found] = only(numbered("HT-2024-001"), path)
        assert (found.sure, found.clashes) == (Sure.POSSIBLE, (Clash.PART_OF_LONGER,)), path


def test_where_a_number_is_parted_counts() -> None:
    [found] = only(numbered("CG1-2345", "CG12-345"), "CG12-345.pdf")
    assert found.row == 2
    [found] = only(numbered("CG12-345"), "CG12345.pdf")
    assert found.sure == Sure.LIKELY


def test_a_year_a_day_and_a_short_number_match_nothing_by_chance() -> None:
    rows = numbered("2024", "20240305", "12", "A1")
    for path in ("2024/合同 12 份.pdf", "扫描20240305.pdf", "A1座租赁.pdf"):
        assert [one for one in only(rows, path) if one.sure == Sure.CERTAIN] == [], path
    [found] = only(rows, "12.pdf")
    assert (found.row, found.sure) == (3, Sure.LIKELY)


def test_the_folder_counts_where_the_name_says_nothing() -> None:
    [found] = only(numbered("HT-2024-001"), "2024年/HT-2024-001 江川/正文.pdf")
    assert (found.way, found.sure) == (Way.FOLDER, Sure.CERTAIN)


def test_a_name_that_contradicts_its_folder_is_said_so() -> None:
    [found] = only(numbered("HT-2024-001", "HT-2024-002"), "HT-2024-001/HT-2024-002.pdf")
    assert (found.row, found.sure, found.clashes) == (2, Sure.LIKELY, (Clash.FOLDER_DIFFERS,))


def test_a_file_that_names_two_rows_is_sure_for_neither() -> None:
    found = only(numbered("HT-2024-001", "HT-2024-002"), "HT-2024-001、HT-2024-002合订.pdf")
    assert {(one.row, one.sure, one.clashes) for one in found} == {
        (1, Sure.POSSIBLE, (Clash.SEVERAL_ROWS,)),
        (2, Sure.POSSIBLE, (Clash.SEVERAL_ROWS,)),
    }


def test_a_number_that_two_rows_bear_is_sure_for_neither() -> None:
    found = only(numbered("HT-2024-001", "HT-2024-001"), "HT-2024-001.pdf")
    assert [(one.row, one.sure, one.clashes) for one in found] == [
        (1, Sure.POSSIBLE, (Clash.NUMBER_TWICE,)),
        (2, Sure.POSSIBLE, (Clash.NUMBER_TWICE,)),
    ]


def test_one_row_has_many_files_and_that_is_said() -> None:
    files = [File(1, "HT-2024-001正文.pdf"), File(2, "HT-2024-001附件一.pdf"), File(3, "别的.pdf")]
    found = match(numbered("HT-2024-001", "HT-2024-002"), files)
    assert found.shared == {1: 2}
    assert (found.rows_left, found.files_left) == ([2], [3])


@pytest.mark.parametrize(
    ("cell", "sure"),
    [
        (r"D:\合同扫描\2024\主轴.pdf", Sure.CERTAIN),
        ("2024/主轴.pdf", Sure.CERTAIN),
        ("主轴", Sure.CERTAIN),
        ("/mnt/旧盘/归档/主轴.PDF", Sure.LIKELY),
    ],
)
def test_the_path_column_comes_first(cell: str, sure: Sure) -> None:
    rows = [Row(1, path=cell), Row(2, "HT-2024-001")]
    [found] = only(rows, "合同扫描/2024/主轴.pdf")
    assert (found.row, found.way, found.sure) == (1, Way.PATH, sure)


def test_a_path_chooses_among_files_of_one_name() -> None:
    files = [File(1, "2023/正文.pdf"), File(2, "2024/正文.pdf")]
    [near] = match([Row(1, path=r"X:\2024\正文.pdf")], files).matches
    assert (near.file, near.sure) == (2, Sure.CERTAIN)
    found = match([Row(1, path="正文.pdf")], files).matches
    assert [(one.sure, one.clashes) for one in found] == [(Sure.POSSIBLE, (Clash.SEVERAL_FILES,))] * 2


def test_a_path_may_name_a_folder_or_several_files() -> None:
    files = [File(1, "2024/江川/正文.pdf"), File(2, "2024/江川/附件.pdf"), File(3, "2024/其他.pdf")]
    assert {one.file for one in match([Row(1, path=r"2024\江川")], files).matches} == {1, 2}
    assert {one.file for one in match([Row(1, path="附件.pdf；其他.pdf")], files).matches} == {2, 3}


def test_a_number_read_in_the_text_is_certain_beside_the_party() -> None:
    rows = [Row(1, "HT-2024-001", party=RIVER), Row(2, "HT-2024-002", party=LAKE)]
    [found] = only(rows, "扫描0001.pdf", Read(numbers=("HT2024-002",), parties=(LAKE,)))
    assert (found.row, found.way, found.sure) == (2, Way.NUMBER_READ, Sure.CERTAIN)
    [found] = only(rows, "扫描0001.pdf", Read(numbers=("HT-2024-002",)))
    assert found.sure == Sure.LIKELY


def test_parties_amount_and_day_tell_a_row_without_a_number() -> None:
    rows = [Row(1, party=RIVER, amount=Decimal(500), signed_on=DAY), Row(2, party=RIVER, amount=Decimal(700))]
    [found] = only(rows, "a.pdf", Read(parties=("启明", RIVER), amount=Decimal("500.00"), signed_on=DAY))
    assert (found.row, found.way, found.sure, found.told) == (1, Way.TEXT, Sure.LIKELY, "amount party signed_on")
    [found] = only(rows, "a.pdf", Read(parties=(RIVER,), signed_on=DAY))
    assert found.sure == Sure.POSSIBLE
    assert only(rows, "a.pdf", Read(parties=(RIVER,))) == []


def test_rows_alike_are_named_all() -> None:
    rows = [Row(key, party=RIVER, amount=Decimal(500)) for key in (1, 2)]
    found = only(rows, "a.pdf", Read(parties=(RIVER,), amount=Decimal(500)))
    assert [(one.row, one.sure, one.clashes) for one in found] == [
        (1, Sure.POSSIBLE, (Clash.SEVERAL_ROWS,)),
        (2, Sure.POSSIBLE, (Clash.SEVERAL_ROWS,)),
    ]


def test_a_row_that_has_its_file_is_not_given_another_by_its_text() -> None:
    rows = [Row(1, "HT-2024-001", party=RIVER, amount=Decimal(500))]
    files = [File(1, "HT-2024-001.pdf"), File(2, "b.pdf", Read(parties=(RIVER,), amount=Decimal(500)))]
    assert [one.file for one in match(rows, files).matches] == [1]


def test_two_files_that_claim_a_row_by_their_text_are_only_possible() -> None:
    rows = [Row(1, party=RIVER, amount=Decimal(500))]
    read = Read(parties=(RIVER,), amount=Decimal(500))
    found = match(rows, [File(1, "a.pdf", read), File(2, "b.pdf", read)]).matches
    assert [(one.sure, one.clashes) for one in found] == [(Sure.POSSIBLE, (Clash.SEVERAL_FILES,))] * 2


def test_a_text_with_the_number_of_another_row_makes_a_name_doubtful() -> None:
    read = Read(numbers=("HT-2024-002",))
    [found] = only(numbered("HT-2024-001", "HT-2024-002"), "HT-2024-001.pdf", read)
    assert (found.row, found.sure, found.clashes) == (1, Sure.POSSIBLE, (Clash.OTHER_NUMBER,))


def test_a_text_with_the_same_number_makes_a_doubtful_name_certain() -> None:
    [found] = only(numbered("HT-2024-001"), "XS-HT-2024-001.pdf", Read(numbers=("HT-2024-001",)))
    assert (found.sure, found.clashes) == (Sure.CERTAIN, ())


def test_a_text_with_other_parties_and_another_amount_is_said() -> None:
    rows = [Row(1, "HT-2024-001", party=RIVER, amount=Decimal(500))]
    [found] = only(rows, "HT-2024-001.pdf", Read(parties=(LAKE,), amount=Decimal(9)))
    assert (found.sure, found.clashes) == (Sure.LIKELY, (Clash.TEXT_DIFFERS,))


NUMBERS = some.from_regex(r"[A-Z]{1,3}-20[0-9]{2}-[0-9]{3,4}", fullmatch=True)
AROUND = some.text("合同采购正文（）", max_size=4)


@given(NUMBERS, AROUND, AROUND)
def test_a_number_among_chinese_words_is_always_found(number: str, before: str, after: str) -> None:
    [found] = only(numbered(number), f"{before}{number}{after}.pdf")
    assert (found.way, found.sure) == (Way.FILENAME, Sure.CERTAIN)


@given(some.lists(NUMBERS, min_size=1, max_size=8, unique=True), NUMBERS)
def test_a_name_matches_the_rows_that_bear_just_its_number(numbers: list[str], name: str) -> None:
    rows = {one.row for one in only(numbered(*numbers), f"{name}.pdf")}
    assert rows == {key for key, number in enumerate(numbers, start=1) if plain(number).text == plain(name).text}


READS = some.builds(
    Read,
    numbers=some.lists(NUMBERS, max_size=1).map(tuple),
    parties=some.lists(some.sampled_from([RIVER, LAKE]), max_size=1).map(tuple),
    amount=some.none() | some.integers(1, 3).map(Decimal),
    signed_on=some.none() | some.just(DAY),
)
ROWS = some.builds(
    Row,
    key=some.integers(1, 99),
    number=NUMBERS | some.just(""),
    path=some.sampled_from(["", "a.pdf", "f/b.pdf", "f"]),
    party=some.sampled_from(["", RIVER, LAKE]),
    amount=some.none() | some.integers(1, 3).map(Decimal),
    signed_on=some.none() | some.just(DAY),
)
FILES = some.builds(
    File,
    key=some.integers(1, 99),
    path=some.sampled_from(["a.pdf", "f/b.pdf", "f/c.pdf"]) | NUMBERS.map(lambda number: f"{number}.pdf"),
    read=some.none() | READS,
)


def by_key(one: Any) -> int:
    """Return the key of a row or file."""
    return int(one.key)


@given(some.lists(ROWS, unique_by=by_key, max_size=6), some.lists(FILES, unique_by=by_key, max_size=6))
def test_everything_is_accounted_for_and_doubt_is_never_certain(rows: list[Row], files: list[File]) -> None:
    found = match(rows, files)
    assert {one.row for one in found.matches} | set(found.rows_left) == {row.key for row in rows}
    assert {one.file for one in found.matches} | set(found.files_left) == {file.key for file in files}
    pairs = [(one.row, one.file) for one in found.matches]
    assert len(pairs) == len(set(pairs))
    for one in found.matches:
        rivals = {other.row for other in found.matches if other.file == one.file} - {one.row}
        assert one.sure == Sure.POSSIBLE or not rivals
    turned = match(rows[::-1], files[::-1])
    assert {(one.row, one.file, one.sure) for one in turned.matches} == {
        (one.row, one.file, one.sure) for one in found.matches
    }


def test_ten_thousand_rows_and_files_take_seconds_at_most() -> None:
    rows = [
        Row(n, f"QM-XS-{2015 + n % 10}-{n:05}", party=f"客户{n % 700}有限公司", amount=Decimal(n))
        for n in range(10_000)
    ]
    files = [
        File(n, f"{2015 + n % 10}年/华东/QM-XS-{2015 + n % 10}-{n:05} 采购合同 客户{n % 700}.pdf")
        if n % 3
        else File(n, f"扫描/{n:06}.pdf", Read(parties=(f"客户{n % 700}有限公司",), amount=Decimal(n)))
        for n in range(10_000)
    ]
    started = time.process_time()
    found = match(rows, files)
    assert time.process_time() - started < 8
    assert len(found.matches) == 9_999  # the amount 0 tells nothing
    assert all(one.row == one.file for one in found.matches)
