"""索引: one writer, many readers, generations in folders of their own.

``QIDANG_HOME/index/current`` names the generation that is read; a rebuild writes another folder and then turns that
name, so search goes on meanwhile. How far the index has come in the ledger is an entry of the index itself and is
committed with the entries it stands for: a killed process, a lost or an old index can never claim more than it holds.
"""

import contextlib
import datetime
import json
import os
import pathlib
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tantivy
from django.conf import settings

from qidang.search import schema
from qidang.search.papers import IndexedPaper

TRIES = 5
HEAP = 64_000_000  # bytes that a writing thread may use before it writes a segment
_lock = threading.Lock()
_opened: dict[pathlib.Path, tantivy.Index] = {}  # the one generation that this process reads
_kept: dict[pathlib.Path, tantivy.IndexWriter] = {}  # and, in the worker, the one that it writes


class Busy(Exception):
    """Another process is writing this index just now."""


def root() -> pathlib.Path:
    """The folder of all generations."""
    return pathlib.Path(settings.HOME) / "index"


def current() -> pathlib.Path | None:
    """Return the folder of the generation in use; None where there is none or its schema is another one."""
    for _ in range(TRIES):  # a generation may be turned, and its folder deleted, between two lines
        try:
            known = json.loads((root() / "current").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        folder = root() / str(known["generation"])
        if known["schema"] == schema.VERSION and folder.is_dir():
            return folder
    return None


def searcher() -> tantivy.Searcher | None:
    """Return the newest committed state of the generation in use; None where there is none that can be read.

    A rebuild may turn to another generation and delete this one at any moment: then the new one is read.
    """
    for _ in range(TRIES):
        folder = current()
        if folder is None:
            return None
        try:
            return newest(folder)
        except (ValueError, OSError):
            with _lock:
                _opened.clear()
    return None


def newest(folder: pathlib.Path) -> tantivy.Searcher:
    """Return the newest committed state of the generation in ``folder``; raises ValueError where it is damaged."""
    with _lock:
        if folder not in _opened:
            _opened.clear()
            _opened[folder] = _open(folder)
        index = _opened[folder]
    index.reload()
    return index.searcher()


def forget() -> None:
    """Close what is open for reading or kept for writing."""
    with _lock:
        _opened.clear()
        _kept.clear()


def create() -> pathlib.Path:
    """Make the folder of a new, empty generation; ``turn_to`` puts it in use."""
    folder = root() / secrets.token_hex(8)
    folder.mkdir(parents=True, mode=0o700)
    tantivy.Index(schema.build(), path=str(folder))
    return folder


def turn_to(folder: pathlib.Path) -> None:
    """Put a generation in use and delete the others."""
    pointer = root() / f".{folder.name}"
    with pointer.open("w", encoding="utf-8") as file:
        json.dump({"generation": folder.name, "schema": schema.VERSION}, file)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(root() / "current")
    for other in root().iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


@dataclass(frozen=True)
class State:
    """How far a committed state goes: acts up to ``seq``, statuses as of ``day``."""

    seq: int
    day: datetime.date


def state(searcher: tantivy.Searcher) -> State:
    """Return how far this committed state of the index goes."""
    query = tantivy.Query.term_query(schema.build(), "uid", schema.CURSOR, index_option="basic")
    hits = searcher.search(query, 1, count=False).hits
    if not hits:
        return State(0, datetime.date.min)
    entry = searcher.doc(hits[0][1])
    return State(int(entry["seq"][0]), datetime.date.fromordinal(int(entry["day"][0])))


class Writer:
    """The one writer of a generation."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def put(self, papers: Iterable[IndexedPaper]) -> None:
        """Put papers in the place of their former entries."""
        for paper in papers:
            self._writer.delete_documents_by_term("uid", paper.uid)
            self._writer.add_document(schema.document(paper))

    def add(self, papers: Iterable[IndexedPaper]) -> int:
        """Put papers that were never put before (in a new generation); return how many."""
        return sum(1 for paper in papers if self._writer.add_document(schema.document(paper)) is not None)

    def remove(self, uids: Iterable[str]) -> None:
        """Take entries out."""
        for uid in uids:
            self._writer.delete_documents_by_term("uid", uid)

    def commit(self, seq: int, day: datetime.date) -> None:
        """Make everything visible and durable, together with how far it goes."""
        self._writer.delete_documents_by_term("uid", schema.CURSOR)
        self._writer.add_document(schema.cursor_document(seq, day))
        self._writer.commit()


@contextlib.contextmanager
def writing(folder: pathlib.Path, *, threads: int = 1, keep: bool = False) -> Iterator[Writer]:
    """Open the generation in ``folder`` for writing; raises Busy while another process writes it.

    What is not committed is dropped. With ``keep`` the writer stays open for the next time, its merges going on in the
    background; without, the merges are waited for and the generation is free for others.
    """
    writer = _kept.pop(folder, None) or _writer(folder, threads)
    try:
        yield Writer(writer)
    except BaseException:
        writer.rollback()
        writer.wait_merging_threads()
        raise
    if keep:
        _kept.clear()
        _kept[folder] = writer
    else:
        writer.wait_merging_threads()


def _writer(folder: pathlib.Path, threads: int) -> tantivy.IndexWriter:
    try:
        return _open(folder).writer(HEAP * threads, threads)
    except ValueError as error:
        if "LockBusy" in str(error):
            raise Busy from error
        raise


def _open(folder: pathlib.Path) -> tantivy.Index:
    index = tantivy.Index.open(str(folder))
    index.config_reader(reload_policy="manual")
    return index
