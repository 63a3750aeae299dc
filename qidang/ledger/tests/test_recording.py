"""记录: what an entry says, and what it must not say."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from qidang.ledger import Chain, Entry, Subject, calling_from, canonical, record, record_read
from qidang.ledger.models import GENESIS
from qidang.ledger.tests.conftest import Somebody

words = st.text(st.characters(exclude_categories=["Cs"]))
digits = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(words, words, words, words, digits, st.none() | digits)
def test_the_envelope_is_json_with_sorted_keys_and_no_spaces(
    act: str, actor: str, address: str, name: str, prev: str, details: str | None
) -> None:
    built = canonical.envelope(
        chain="acts",
        seq=7,
        prev=prev,
        act=act,
        at="2026-03-05T02:00:00.000000Z",
        actor_uid="u",
        actor_name=actor,
        address=address,
        subjects=[canonical.subject("contract", name, "s"), canonical.subject("user", actor, "t")],
        details=details,
    )
    said = json.loads(built)
    assert built == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (said["act"], said["actor"], said["address"]) == (act, {"name": actor, "uid": "u"}, address)
    assert said["subjects"][0] == {"kind": "contract", "name": name, "uid": "s"}
    assert (said["prev"], said["details"], said["seq"], said["v"]) == (prev, details, 7, 1)


def test_the_leaf_hash_is_that_of_rfc_9162() -> None:
    assert canonical.leaf(b"") == hashlib.sha256(b"\x00").hexdigest()
    assert canonical.leaf(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@pytest.mark.django_db
def test_an_entry_holds_the_bytes_that_were_hashed(somebody: Somebody, contract: Subject) -> None:
    with calling_from("192.0.2.7"):
        entry = record("contract.registered", contract, by=somebody)
    stored = Entry.objects.get(pk=entry.pk)
    said = json.loads(bytes(stored.canonical))
    assert said["actor"] == {"name": "周文澜", "uid": str(somebody.uid)}
    assert said["subjects"] == [{"kind": "contract", "name": contract.name, "uid": str(contract.uid)}]
    assert said["address"] == stored.address == "192.0.2.7"
    assert said["at"] == canonical.moment(stored.at)
    assert stored.leaf == hashlib.sha256(b"\x00" + bytes(stored.canonical)).hexdigest()


@pytest.mark.django_db
def test_every_entry_names_the_leaf_before_it(somebody: Somebody, contract: Subject) -> None:
    first, second = (record("contract.viewed", contract, by=somebody) for _ in range(2))
    assert json.loads(bytes(first.canonical))["prev"] == GENESIS
    assert json.loads(bytes(second.canonical))["prev"] == first.leaf
    assert (first.seq, second.seq) == (1, 2)
    assert Chain.objects.get(name="acts").leaf == second.leaf


@pytest.mark.django_db
def test_details_stand_beside_the_entry_and_only_their_salted_digest_is_hashed(
    somebody: Somebody, contract: Subject
) -> None:
    details = {"field": "amount", "new": Decimal("88000.00"), "地址": "滨江路"}
    entry = record("contract.edited", contract, by=somebody, details=details)
    same = record("contract.edited", contract, by=somebody, details=details)
    assert b"88000" not in entry.canonical and "滨江路".encode() not in entry.canonical
    assert json.loads(entry.details.body) == {"field": "amount", "new": "88000.00", "地址": "滨江路"}
    assert json.loads(bytes(entry.canonical))["details"] == canonical.digest(
        bytes(entry.details.salt), entry.details.body
    )
    assert json.loads(bytes(entry.canonical))["details"] != json.loads(bytes(same.canonical))["details"]


@pytest.mark.django_db
def test_names_that_no_database_can_hold_are_recorded_all_the_same(somebody: Somebody, contract: Subject) -> None:
    odd = Subject("arrival", contract.uid, "坏\udce4名\x00字" * 200)
    entry = record("arrival.received", odd, by=somebody, details={"filename": "坏\udce4名\x00"})
    assert Entry.objects.get(pk=entry.pk).subjects.get().name.startswith("坏?名字")


@pytest.mark.django_db
def test_an_act_that_is_rolled_back_leaves_no_entry(somebody: Somebody, contract: Subject) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("contract.registered", contract, by=somebody)
        raise ZeroDivisionError
    assert record("contract.registered", contract, by=somebody).seq == 1


@pytest.mark.django_db
def test_reads_have_a_chain_of_their_own(somebody: Somebody, contract: Subject) -> None:
    record("contract.registered", contract, by=somebody)
    assert (read := record_read("contract.viewed", contract, by=somebody)).chain == "reads"
    assert read.seq == 1


def test_an_act_outside_a_transaction_is_refused(fresh_database: str, somebody: Somebody, contract: Subject) -> None:
    with pytest.raises(RuntimeError, match="outside the transaction"):
        record("contract.registered", contract, by=somebody)
    assert record_read("contract.viewed", contract, by=somebody).seq == 1
