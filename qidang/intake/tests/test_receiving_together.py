"""收件 at one moment: of the same bytes brought by two people, one is the first."""

import contextlib
import threading

import pytest
from django.db import connection

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.intake import receiving
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import keep, open_batch, receive

BYTES = b"the very same bytes"


@pytest.mark.parametrize("was_here", [False, True], ids=["new bytes", "bytes of an arrival that was withdrawn"])
def test_two_first_uploads_of_the_same_bytes_are_one_first_and_one_duplicate(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, was_here: bool
) -> None:
    cast = make_cast()
    if was_here:
        receive(open_batch(Source.UPLOAD, by=cast.archivist), [keep(BYTES, "合同.txt")], by=cast.archivist)
        Arrival.objects.update(state=State.WITHDRAWN)
    meeting, troubles, look = threading.Barrier(2), list[Exception](), receiving._first_with

    def look_together(digests: list[str]) -> object:
        found = look(digests)
        with contextlib.suppress(threading.BrokenBarrierError):  # whoever takes turns never meets the other here
            meeting.wait(timeout=2)
        return found

    monkeypatch.setattr(receiving, "_first_with", look_together)

    def bring(person: User) -> None:
        try:
            batch = open_batch(Source.UPLOAD, by=person)
            receive(batch, [keep(BYTES, "合同.txt")], by=person)
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=[person]) for person in (cast.salesperson, cast.rival)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    states = {arrival.state: arrival for arrival in Arrival.objects.exclude(state=State.WITHDRAWN)}
    assert set(states) == {State.WAITING, State.DUPLICATE}
    assert states[State.DUPLICATE].duplicate_of == states[State.WAITING]
