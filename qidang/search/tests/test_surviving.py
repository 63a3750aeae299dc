"""The index outlives kills, deletion, damage and a rebuild while people search."""

import datetime
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.kit.refusal import Refused
from qidang.search import following, index, matching, schema
from qidang.search.papers import CONTRACT, IndexedPaper
from qidang.search.query import find
from qidang.search.tests.conftest import Finder, Registrar

TODAY = datetime.date(2026, 3, 1)
KILLS = 12
CHILD = """
import datetime, pathlib, sys
from qidang.search import index
from qidang.search.papers import CONTRACT, IndexedPaper
folder, first = pathlib.Path(sys.argv[1]), int(sys.argv[2])
with index.writing(folder) as writer:
    for number in range(first, first + 100_000):
        name = f"{number:06d}"
        text = [[f"第{name}份"]]
        writer.put(IndexedPaper(uid=name + part, kind=CONTRACT, rights=[], papers=text) for part in "ab")
        writer.commit(number, datetime.date(2026, 3, 1))
        print(number, flush=True)
"""


def count(searcher: Any, words: str = "") -> int:
    query = matching.grams("text", words) if words else matching.term("kind", CONTRACT)
    return int(searcher.search(query, 1).count)


def test_killing_the_writer_in_the_middle_of_commits_loses_nothing(tmp_path: pathlib.Path) -> None:
    folder = index.create()
    first = 1
    for kill in range(KILLS):
        acknowledged = _write_and_kill(folder, first, seconds=0.05 + 0.017 * kill)
        searcher = index.newest(folder)
        held = index.state(searcher).seq
        assert held >= acknowledged
        assert count(searcher) == 2 * held
        assert all(count(searcher, f"第{number:06d}份") == 2 for number in range(first, held + 1))
        first = max(held, 1)  # what was held is put again: nothing doubles
    assert first > 1


def _write_and_kill(folder: pathlib.Path, first: int, *, seconds: float) -> int:
    """Let a child write for some time after its first commit, kill it, return the last number it acknowledged."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "qidang.settings"}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(first)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert child.stdout is not None
    said = [child.stdout.readline()]
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    said += child.stdout.readlines()
    child.wait()
    return int([line for line in said if line.endswith("\n")][-1])


def test_a_second_writer_is_told_that_the_index_is_busy(tmp_path: pathlib.Path) -> None:
    folder = index.create()
    with index.writing(folder), pytest.raises(index.Busy), index.writing(folder):
        pass


def test_what_was_not_committed_is_dropped(tmp_path: pathlib.Path) -> None:
    folder = index.create()
    with pytest.raises(RuntimeError, match="stop"), index.writing(folder) as writer:
        writer.put([IndexedPaper(uid="a", kind=CONTRACT, rights=[])])
        raise RuntimeError("stop")
    with index.writing(folder) as writer:
        writer.commit(3, TODAY)
    searcher = index.newest(folder)
    assert (count(searcher), index.state(searcher)) == (0, index.State(3, TODAY))


def test_another_schema_is_another_version() -> None:
    """Who changes the fields must raise ``schema.VERSION``, so that an old index is built anew."""
    meta = json.loads((index.create() / "meta.json").read_text(encoding="utf-8"))
    written = json.dumps(meta["schema"], sort_keys=True).encode()
    assert (schema.VERSION, hashlib.sha256(written).hexdigest()[:16]) == (1, "df8ce076e37718df")


@pytest.mark.django_db
def test_a_deleted_index_grows_again(registered: Registrar, search: Finder) -> None:
    for number in range(3):
        registered(f"正文 第{number}份")
    assert search("正文").total == 3
    shutil.rmtree(index.root())
    assert search("正文", catch_up=False).problems[0].code == "search.no_index"
    assert search("正文").total == 3


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["meta.json", "current", "schema"])
def test_a_damaged_or_old_index_grows_again(registered: Registrar, search: Finder, damage: str) -> None:
    registered("正文")
    assert search("正文").total == 1
    folder = index.current()
    assert folder is not None
    index.forget()
    if damage == "meta.json":
        (folder / "meta.json").write_text("{", encoding="utf-8")
    elif damage == "current":
        (index.root() / "current").write_text("", encoding="utf-8")
    else:
        old = json.dumps({"generation": folder.name, "schema": schema.VERSION - 1})
        (index.root() / "current").write_text(old, encoding="utf-8")
    assert search("正文", catch_up=False).total == 0
    assert search("正文").total == 1


@pytest.mark.django_db
def test_an_index_put_back_from_a_backup_catches_up(
    registered: Registrar, search: Finder, tmp_path: pathlib.Path
) -> None:
    registered("正文 一")
    assert search("正文").total == 1
    shutil.copytree(index.root(), tmp_path / "kept")
    registered("正文 二")
    assert search("正文").total == 2
    index.forget()
    shutil.rmtree(index.root())
    shutil.copytree(tmp_path / "kept", index.root())
    assert search("正文", catch_up=False).total == 1
    assert search("正文").total == 2


@pytest.mark.django_db
def test_search_goes_on_while_the_index_is_rebuilt(registered: Registrar, search: Finder, cast: Cast) -> None:
    for number in range(8):
        registered(f"正文 第{number}份")
    assert search("正文").total == 8
    before = index.current()
    totals: set[int] = set()
    steps: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        steps.append((done, total))
        totals.add(find(cast.lawyer, "正文").total)

    assert following.rebuild(look) == 8
    assert steps[-1] == (8, 8)
    assert totals == {8}
    assert index.current() != before
    assert [path.name for path in index.root().iterdir() if path.is_dir()] == [str(index.current()).rsplit("/", 1)[-1]]
    assert find(cast.lawyer, "正文").total == 8


@pytest.mark.django_db
def test_readers_keep_their_state_while_generations_are_turned(registered: Registrar, search: Finder) -> None:
    registered("正文")
    assert search("正文").total == 1
    stop, problems = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            searcher = index.searcher()
            if searcher is None or count(searcher) != 1:
                problems.append("lost")

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        following.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


@pytest.mark.django_db
def test_two_rebuilds_at_once_are_refused(registered: Registrar) -> None:
    with following._building() as free:
        assert free
        with pytest.raises(Refused, match=r"search\.rebuilding"):
            following.rebuild()
