"""Everything that a scan of the real texts finds, the index finds, and nothing else."""

import datetime
import pathlib
import random
from collections.abc import Callable

import pytest
import tantivy

from qidang.search import index, matching, schema
from qidang.search.analysis import fold
from qidang.search.joining import stream
from qidang.search.language import Word, parse
from qidang.search.papers import CONTRACT, IndexedPaper

NEEDLES = 1500
Ask = Callable[[str], set[str]]
NOBODY = matching.Names(
    types=lambda text: [],
    statuses=lambda text: [],
    departments=lambda text: [],
    owners=lambda text: [],
    today=datetime.date(2026, 3, 1),
)


def asker(folder: pathlib.Path) -> Ask:
    """Return a function from a query to the uids that it finds in the index at ``folder``."""
    searcher = tantivy.Index.open(str(folder)).searcher()

    def ask(text: str) -> set[str]:
        hits = searcher.search(matching.match(parse(text), NOBODY), 1000, count=False).hits
        return {searcher.doc(place)["uid"][0] for _, place in hits}

    return ask


def built(folder: pathlib.Path, papers: list[IndexedPaper]) -> Ask:
    """Index ``papers`` in a new folder and return how to ask it."""
    folder.mkdir(parents=True, exist_ok=True)
    tantivy.Index(schema.build(), path=str(folder))
    with index.writing(folder) as writer:
        writer.add(papers)
        writer.commit(1, datetime.date(2026, 3, 1))
    return asker(folder)


@pytest.fixture(scope="module")
def texts(shared: pathlib.Path) -> dict[str, list[str]]:
    """The pages (40 lines each) of every real template, by name."""
    found = {}
    for path in sorted((shared / "data/contracts_zh/templates_txt").glob("*/*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[path.stem] = ["\n".join(lines[at : at + 40]) for at in range(0, len(lines), 40)]
    return found


@pytest.fixture(scope="module")
def ask(texts: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """An index of the real texts."""
    papers = [IndexedPaper(uid=name, kind=CONTRACT, rights=[], papers=[pages]) for name, pages in texts.items()]
    return built(tmp_path_factory.mktemp("index"), papers)


def needles(texts: dict[str, list[str]]) -> list[str]:
    """Random pieces of 1 to 12 characters of the texts as they are read, over line and page ends too."""
    chance = random.Random(11)
    whole = ["\n".join(pages) for pages in texts.values()]
    found: list[str] = []
    while len(found) < NEEDLES:
        text = chance.choice(whole)
        at = chance.randrange(len(text))
        piece = text[at : at + chance.randrange(1, 13)]
        if fold(piece) not in ("", "-", "--"):
            found.append(piece)
    return found


def test_any_piece_of_a_text_is_found_in_every_text_that_has_it(ask: Ask, texts: dict[str, list[str]]) -> None:
    folded = {name: stream(pages) for name, pages in texts.items()}
    over_line_ends = 0
    for needle in needles(texts):
        over_line_ends += "\n" in needle.strip()
        plain = "".join(needle.split())
        expected = {name for name, text in folded.items() if fold(plain) in text}
        found = _found(ask, plain)
        assert expected, plain
        assert found == expected, plain
    assert over_line_ends > 50


def _found(ask: Ask, needle: str) -> set[str]:
    """Ask for ``needle`` as one phrase, whatever quotes, brackets or colons are in it."""
    mark = next(
        (mark for mark in ('""', "“”", "「」", "『』") if mark[0] not in needle and mark[1] not in needle), None
    )
    assert mark is not None
    return ask(f"{mark[0]}{needle}{mark[1]}")


def test_words_over_a_page_end_are_found(tmp_path: pathlib.Path) -> None:
    pages = ["承担全部违约\n- 1 -", "第2页\n责任，按日支付。"]
    ask = built(tmp_path / "i", [IndexedPaper(uid="a", kind=CONTRACT, rights=[], papers=[pages])])
    assert ask("违约责任") == {"a"}
    assert ask("全部违约责任，按日") == {"a"}


def test_words_of_two_papers_do_not_run_together(tmp_path: pathlib.Path) -> None:
    paper = IndexedPaper(uid="a", kind=CONTRACT, rights=[], title="买卖合同", papers=[["违约"], ["责任"]])
    ask = built(tmp_path / "i", [paper])
    assert ask("违约责任") == set()
    assert ask("违约 责任") == {"a"}
    assert ask("同违") == set()


def test_numbers_are_found_by_fragments_in_any_writing(tmp_path: pathlib.Path) -> None:
    paper = IndexedPaper(uid="a", kind=CONTRACT, rights=[], numbers=["QD-XS-2024-0157"], companies=["宏远機電公司"])
    ask = built(tmp_path / "i", [paper, IndexedPaper(uid="b", kind=CONTRACT, rights=[], numbers=["QD-XS-2025-0158"])])
    for piece in ("qd-xs-2024-0157", "ＱＤ－ＸＳ－２０２４", "24-01", "0157", "57"):
        assert ask(piece) == {"a"}, piece
    assert ask("编号:xs-202") == {"a", "b"}
    assert ask("客户:机电") == ask("客户:宏") == ask("宏远机电") == {"a"}
    assert ask("编号:宏远") == set()


def test_a_query_of_blanks_and_lone_dashes_finds_everything(ask: Ask, texts: dict[str, list[str]]) -> None:
    everything = {*texts, "cursor"}
    assert ask("") == ask(" - ") == everything


def test_hostile_queries_are_answered_or_refused(ask: Ask) -> None:
    for query in ('"' + "甲乙" * 90 + '"', "的" * 150, " ".join("的" * 59), "*", "\\", "a.*", "🙂", "\x00甲", "]["):
        ask(query)
    ask("客户:*")
    ask("客户:\\")
    for character in map(chr, range(33, 127)):
        if character not in "()\"'":
            ask(f"客户:{character}")


def test_a_single_character_is_found_everywhere(ask: Ask, texts: dict[str, list[str]]) -> None:
    assert ask("税") == {name for name, pages in texts.items() if "税" in stream(pages)}
    assert matching.match(Word("税", 1), NOBODY) is not None
