"""qidang intake: the command's work, with or without a worker at hand."""

from __future__ import annotations

import itertools
import pathlib
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from qidang.kit.refusal import Refused
from qidang.reading.litter import why_passed_over

from .models import Arrival, Batch, Source, State
from .receiving import Kept, files_under, keep, open_batch, pass_over, receive, skipped
from .work import read_slice

if TYPE_CHECKING:
    from qidang.accounts.models import User

AT_ONCE = 8  # files of one transaction, which holds the lock about a millisecond for each
POLL = 0.2
UNSETTLED = (State.WAITING, State.READING)


def take_in(
    paths: Iterable[pathlib.Path], *, by: User, confirm: bool, worker_runs: bool, note: str = ""
) -> Iterator[dict[str, Any]]:
    """收件: take in all files of ``paths``, have them read, and yield the outcome of each as the command prints it.

    With a running worker the work is handed over and waited for; otherwise it is done here.
    """
    batch = open_batch(Source.COMMAND, by=by, note=note, registers_by_itself=confirm)
    receiving = _receive(batch, paths, by)
    if worker_runs:
        yield from itertools.chain.from_iterable(receiving)
        _wait(batch)
    else:
        yield from _work(batch, receiving)
    arrivals = batch.arrivals.select_related("contract", "duplicate_of__contract").order_by("id")
    for arrival in arrivals.iterator(chunk_size=500):
        yield outcome(arrival)


def outcome(arrival: Arrival) -> dict[str, Any]:
    """Return one line of ``qidang intake --json``."""
    contract = arrival.contract
    state = arrival.state if arrival.state != State.OPENED else "registered"
    return {
        "file": arrival.path or arrival.filename,
        "sha256": arrival.sha256,
        "state": state,
        "contract": (contract.number or None) if contract else None,
        "uid": str(contract.uid if contract else arrival.uid),
        "reference": (contract.reference or None) if contract else None,
        "code": arrival.code or None,
        "message": arrival.message or None,
    }


def _receive(batch: Batch, paths: Iterable[pathlib.Path], by: User) -> Iterator[list[dict[str, Any]]]:
    """Keep and receive the files, some a transaction; yield the lines for those of them that were not taken."""
    for some in itertools.batched(files_under(paths), AT_ONCE):
        kept: list[Kept] = []
        lines = []
        for path, name in some:
            try:
                if why := why_passed_over(name, size_of(path, name)):
                    pass_over(batch, [(name, why)])
                    lines.append(refused(name, skipped(name, why), "skipped"))
                else:
                    kept.append(keep(path, path.name, name))
            except Refused as refusal:
                lines.append(refused(name, refusal))
        receive(batch, kept, by=by)
        yield lines


def size_of(path: pathlib.Path, name: str) -> int:
    """Return how many bytes there are to keep; refuse for a file that is not there or may not be read."""
    try:
        with path.open("rb"):
            return path.stat().st_size
    except FileNotFoundError as error:
        raise Refused("intake.file_missing", filename=name) from error
    except PermissionError as error:
        raise Refused("intake.file_unreadable", filename=name) from error


def refused(name: str, refusal: Refused, state: str = "refused") -> dict[str, Any]:
    """Return the line for a file that was not taken in: refused, or skipped because it says nothing."""
    line: dict[str, Any] = dict.fromkeys(("file", "sha256", "state", "contract", "uid", "reference"))
    return line | {"file": name, "state": state, "code": refusal.code, "message": refusal.message}


def _work(batch: Batch, receiving: Iterator[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Read the batch to its end, receiving the next files while the children read those before."""
    lines: list[dict[str, Any]] = []

    def more() -> bool:
        some = next(receiving, None)
        lines.extend(some or ())
        return some is not None

    while read_slice(batch.pk, more=more) or more():
        pass
    return lines


def _wait(batch: Batch) -> None:
    while batch.arrivals.filter(state__in=UNSETTLED).exists():
        time.sleep(POLL)
