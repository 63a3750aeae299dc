"""The bytes that are hashed: a versioned envelope in deterministic JSON, and its RFC 9162 leaf hash.

Version 1 holds act, actor, address, time, chain, seq, subjects (kind, uid, readable name), the previous leaf and the
salted digest of the details; never a field's value, a search word or content. Keys are never renamed.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from json.encoder import encode_basestring as quoted
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

VERSION = 1
_details = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def moment(at: dt.datetime) -> str:
    """Return an aware moment as the envelope writes it: UTC with six places, ``2026-03-05T02:00:00.000000Z``."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def subject(kind: str, name: str, uid: str) -> str:
    """Return one subject of an envelope; ``uid`` in the usual 36 characters."""
    return f'{{"kind":{quoted(kind)},"name":{quoted(name)},"uid":"{uid}"}}'


def envelope(
    *,
    chain: str,
    seq: int,
    prev: str,
    act: str,
    at: str,
    actor_uid: str,
    actor_name: str,
    address: str,
    subjects: Iterable[str],
    details: str | None,
) -> bytes:
    """Return the canonical bytes of an entry: JSON with sorted keys, no spaces, in UTF-8.

    Written out by hand, because 核验 builds every envelope of the ledger again (a test holds it against ``json``).
    ``at`` comes from ``moment``, ``subjects`` from ``subject``, ``prev`` and ``details`` are 64 hex digits.
    """
    digest = "null" if details is None else f'"{details}"'
    return (
        f'{{"act":{quoted(act)},"actor":{{"name":{quoted(actor_name)},"uid":"{actor_uid}"}}'
        f',"address":{quoted(address)},"at":"{at}","chain":{quoted(chain)},"details":{digest}'
        f',"prev":"{prev}","seq":{seq},"subjects":[{",".join(subjects)}],"v":{VERSION}}}'
    ).encode()


def leaf(canonical: bytes) -> str:
    """Return the leaf hash of RFC 9162 §2.1.1, SHA-256(0x00 ‖ bytes), as 64 hex digits."""
    return hashlib.sha256(b"\x00" + canonical).hexdigest()


def written(details: dict[str, Any]) -> str:
    """Return details as deterministic JSON text that any database can keep."""
    return _details.encode(details).encode("utf-8", "replace").decode()


def digest(salt: bytes, body: str) -> str:
    """Return the salted digest of details, SHA-256(salt ‖ text), as 64 hex digits."""
    return hashlib.sha256(salt + body.encode()).hexdigest()
