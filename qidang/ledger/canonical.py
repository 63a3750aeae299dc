"""The bytes that are hashed: a versioned envelope in deterministic JSON, and its RFC 9162 leaf hash.

Version 1 holds act, actor, address, time, chain, seq, subjects (kind, uid, readable name), the previous leaf and the
salted digest of the details; never a field's value, a search word or content. Keys are never renamed.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from qidang.ledger.subjects import Subject

VERSION = 1
_envelope = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_details = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def moment(at: dt.datetime) -> str:
    """Return an aware moment as the envelope writes it: UTC with six places, ``2026-03-05T02:00:00.000000Z``."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def envelope(
    *,
    chain: str,
    seq: int,
    prev: str,
    act: str,
    at: dt.datetime,
    actor_uid: uuid.UUID,
    actor_name: str,
    address: str,
    subjects: Sequence[Subject],
    details: str | None,
) -> bytes:
    """Return the canonical bytes of an entry: sorted keys, no spaces, UTF-8."""
    whole: dict[str, Any] = {
        "v": VERSION,
        "chain": chain,
        "seq": seq,
        "prev": prev,
        "act": act,
        "at": moment(at),
        "actor": {"name": actor_name, "uid": str(actor_uid)},
        "address": address,
        "subjects": [{"kind": one.kind, "name": one.name, "uid": str(one.uid)} for one in subjects],
        "details": details,
    }
    return _envelope.encode(whole).encode()


def leaf(canonical: bytes) -> str:
    """Return the leaf hash of RFC 9162 §2.1.1, SHA-256(0x00 ‖ bytes), as 64 hex digits."""
    return hashlib.sha256(b"\x00" + canonical).hexdigest()


def written(details: dict[str, Any]) -> str:
    """Return details as deterministic JSON text that any database can keep."""
    return _details.encode(details).encode("utf-8", "replace").decode()


def digest(salt: bytes, body: str) -> str:
    """Return the salted digest of details, SHA-256(salt ‖ text), as 64 hex digits."""
    return hashlib.sha256(salt + body.encode()).hexdigest()
