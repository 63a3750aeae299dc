"""移交原件: from whom to whom, signed by who receives."""

import base64
import dataclasses
import datetime as dt

import pytest
from django.db import connection

from qidang.cast import Cast
from qidang.contracts.models import Contract, OriginalsHandover
from qidang.contracts.originals import LARGEST_SIGNATURE, PNG, Handing, attach_slip, hand_over
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

SIGNED = Handing(
    count=2, giver="周文澜", receiver="林知秋", on=dt.date(2026, 4, 1), why="归档", signature=PNG + b"strokes"
)


def refused(contract: Contract, cast: Cast, **changes: object) -> str:
    """Return the code with which this hand-over is refused."""
    with pytest.raises(Refused) as refusal:
        hand_over(contract, dataclasses.replace(SIGNED, **changes), by=cast.archivist)  # type: ignore[arg-type]
    assert not OriginalsHandover.objects.exists()
    return refusal.value.code


def test_all_originals_go_to_a_new_holder_and_place(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2, original_holder="周文澜", place="抽屉")
    handover = hand_over(contract, dataclasses.replace(SIGNED, place="一库-03柜"), by=cast.archivist)
    contract.refresh_from_db()
    assert (contract.original_holder, contract.place, contract.originals_back) == ("林知秋", "一库-03柜", None)
    assert {row.field: (row.old, row.new, row.why) for row in contract.revisions.all()} == {
        "original_holder": ("周文澜", "林知秋", "归档"),
        "place": ("抽屉", "一库-03柜", "归档"),
    }
    entry = Entry.objects.get(act="originals.handed_over")
    assert [one.uid for one in entry.subjects.all()] == [contract.uid, handover.uid]
    assert entry.seq == Entry.objects.filter(chain="acts").latest("seq").seq


def test_what_the_other_side_gives_back_counts_and_ends_the_reminder(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2, originals_back=1)
    assert contract.lacks_originals
    hand_over(contract, dataclasses.replace(SIGNED, count=1, comes_back=True), by=cast.archivist)
    contract.refresh_from_db()
    assert (contract.originals_back, contract.original_holder, contract.lacks_originals) == (2, "林知秋", False)


def test_some_of_several_leave_the_holder_as_he_is(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=3, original_holder="周文澜")
    hand_over(contract, dataclasses.replace(SIGNED, count=1), by=cast.archivist)
    contract.refresh_from_db()
    assert contract.original_holder == "周文澜"
    assert not contract.revisions.exists()


def test_the_signature_lies_sealed(cast: Cast, registered: Registrar) -> None:
    handover = hand_over(registered(originals=2), SIGNED, by=cast.archivist)
    with connection.cursor() as cursor:
        cursor.execute("SELECT signature FROM contracts_originalshandover")
        kept = cursor.fetchone()[0]
    assert kept.startswith("qs1.")
    handover.refresh_from_db()
    assert base64.b64decode(handover.signature or "") == SIGNED.signature


def test_without_a_signature_the_receiver_confirms_and_a_slip_follows_once(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    contract = registered()
    confirmed = dataclasses.replace(SIGNED, signature=b"", is_confirmed=True)
    handover = hand_over(contract, confirmed, by=cast.salesperson)
    assert handover.signature is None
    assert handover.is_confirmed
    attach_slip(handover, a_paper("b", "签收单.jpg", kind="OTHER"), by=cast.salesperson)
    assert handover.slip == contract.documents.get()
    with pytest.raises(Refused) as refusal:
        attach_slip(handover, a_paper("c", "又一张.jpg", kind="OTHER"), by=cast.salesperson)
    assert refusal.value.code == "originals.slip_there"
    assert contract.documents.count() == 1


def test_the_originals_of_a_void_contract_change_hands_too(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2)
    contract.void(by=cast.salesperson, why="签错")
    hand_over(contract, SIGNED, by=cast.archivist)
    contract.refresh_from_db()
    assert (contract.status, contract.original_holder) == ("VOID", "林知秋")


def test_what_is_not_signed_is_refused(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2)
    assert refused(contract, cast, signature=b"") == "originals.unsigned"
    assert refused(contract, cast, signature=b"GIF89a") == "originals.bad_signature"
    assert refused(contract, cast, signature=PNG + b"x" * LARGEST_SIGNATURE) == "originals.bad_signature"


def test_what_is_incomplete_or_impossible_is_refused(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2, originals_back=1)
    for name in ("giver", "receiver", "why"):
        assert refused(contract, cast, **{name: "  "}) == "originals.incomplete"
    assert refused(contract, cast, count=0) == "originals.none"
    assert refused(contract, cast, on=today() + dt.timedelta(days=1)) == "originals.day_ahead"
    assert refused(contract, cast, count=2) == "originals.too_many"
    assert refused(contract, cast, count=2, comes_back=True) == "originals.too_many"


def test_who_may_not_edit_the_contract_is_refused(cast: Cast, registered: Registrar) -> None:
    contract = registered(originals=2)
    for person in (cast.colleague, cast.lawyer, cast.outsider):
        with pytest.raises(Refused) as refusal:
            hand_over(contract, SIGNED, by=person)
        assert refusal.value.code == "accounts.not_allowed"


def test_hand_overs_are_seen_by_who_sees_the_contract(cast: Cast, registered: Registrar) -> None:
    hand_over(registered(originals=2), SIGNED, by=cast.archivist)
    seen = [OriginalsHandover.objects.visible_to(person).count() for person in (cast.salesperson, cast.rival)]
    assert seen == [1, 0]
