"""正本: whether they should have come back by now, and their hand-over (移交原件)."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.contracts.choices import GONE, Source, Status
from qidang.contracts.models import Contract, OriginalsHandover, Revision
from qidang.contracts.models.revisions import Change, written
from qidang.contracts.models.sources import lay_sources_anew
from qidang.contracts.values import Said
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qidang.accounts.models import User
    from qidang.contracts.values import PaperIn

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_SIGNATURE = 200 * 1024  # bytes; a signature of a full page of pixels has some 30 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What is handed over: ``place`` is where the originals lie from now on, ``signature`` a PNG."""

    count: int
    giver: str
    receiver: str
    on: dt.date
    why: str
    place: str = ""
    comes_back: bool = False
    signature: bytes = b""
    is_confirmed: bool = False


def is_lacking(contract: Contract, on: dt.date) -> bool:
    """缺原件 on that day: the answer of ``ContractQuerySet.lacking_originals`` for one row that is in hand."""
    signed_by = on - dt.timedelta(days=settings.ORIGINALS_DAYS)
    is_due = contract.signed_on is not None and contract.signed_on <= signed_by
    return contract.lacks_originals and is_due and contract.status not in (Status.VOID, *GONE)


@transaction.atomic
def hand_over(contract: Contract, handing: Handing, *, by: User) -> OriginalsHandover:
    """移交原件, signed or confirmed by the receiver; a void contract's originals change hands too.

    What came back counts as 已收回; the receiver becomes the holder where all that are in hand go to him.
    """
    require(by, "contract.edit", contract)
    _refuse_incomplete(handing)
    contract.locked(even_void=True)
    require(by, "contract.edit", contract)
    _refuse_too_many(contract, handing)
    handover = OriginalsHandover.objects.create(
        contract=contract,
        **{name: getattr(handing, name) for name in ("count", "comes_back", "on")},
        giver=handing.giver.strip()[:64],
        receiver=handing.receiver.strip()[:64],
        why=handing.why.strip(),
        signature=base64.b64encode(handing.signature).decode() if handing.signature else None,
        is_confirmed=not handing.signature,
        by=by,
        at=clock.now(),
    )
    _change(contract, handing, by=by)
    details = {"count": handover.count, "comes_back": handover.comes_back, "why": handover.why}
    record("originals.handed_over", contract, handover, by=by, details=details)
    return handover


@transaction.atomic
def attach_slip(handover: OriginalsHandover, paper: PaperIn, *, by: User) -> OriginalsHandover:
    """补附签收单: the slip that the receiver signed on paper, kept among the contract's papers."""
    contract = handover.contract
    contract.opened(by)
    handover.refresh_from_db(fields=["slip"])
    if handover.slip_id is not None:
        raise Refused("originals.slip_there", handover=str(handover))
    handover.slip = contract.keep(paper, by=by, why="")
    handover.save(update_fields=["slip"])
    details = {"sha256": paper.blob.sha256}
    record("originals.slip_attached", contract, handover, handover.slip, by=by, details=details)
    return handover


def _refuse_incomplete(handing: Handing) -> None:
    if handing.count < 1:
        raise Refused("originals.none")
    if not (handing.giver.strip() and handing.receiver.strip() and handing.why.strip()):
        raise Refused("originals.incomplete")
    if handing.on > clock.today():
        raise Refused("originals.day_ahead", on=handing.on.isoformat())
    if not (handing.signature or handing.is_confirmed):
        raise Refused("originals.unsigned", receiver=handing.receiver.strip())
    if handing.signature and not is_signature(handing.signature):
        raise Refused("originals.bad_signature")


def is_signature(picture: bytes) -> bool:
    """Whether ``picture`` can be what the page drew: a PNG of no more than LARGEST_SIGNATURE bytes."""
    return picture.startswith(PNG) and len(picture) <= LARGEST_SIGNATURE


def in_hand(contract: Contract) -> int | None:
    """Return how many originals are known to be with us: those that came back, else all; None where nobody said."""
    return contract.originals_back if contract.originals_back is not None else contract.originals


def _refuse_too_many(contract: Contract, handing: Handing) -> None:
    known = in_hand(contract)
    if handing.comes_back and contract.originals is not None:
        most: int | None = contract.originals - (contract.originals_back or 0)
    else:
        most = None if handing.comes_back else known
    if most is not None and handing.count > most:
        raise Refused("originals.too_many", count=handing.count, most=max(most, 0))


def _change(contract: Contract, handing: Handing, *, by: User) -> None:
    """Write what follows for the contract's own fields, each with its revision."""
    new: dict[str, int | str] = {}
    if handing.comes_back:
        new["originals_back"] = (contract.originals_back or 0) + handing.count
    known = in_hand(contract)
    if known is None or handing.comes_back or handing.count >= known:
        new["original_holder"] = handing.receiver.strip()[:64]
    if handing.place.strip():
        new["place"] = handing.place.strip()[:200]
    changed = {name: _set(contract, name, value) for name, value in new.items() if getattr(contract, name) != value}
    if not changed:
        return
    contract.edit_version += 1
    lay_sources_anew(contract, dict.fromkeys(changed, Said(source=Source.PERSON, is_checked=True)), by=by)
    contract.save_settled()
    _revise(contract, changed, by=by, why=handing.why.strip())


def _set(contract: Contract, name: str, value: int | str) -> Change:
    old = getattr(contract, name)
    setattr(contract, name, value)
    return Change(written(old), written(value), False)


def _revise(contract: Contract, changed: Mapping[str, Change], *, by: User, why: str) -> None:
    common = {"contract": contract, "edit_version": contract.edit_version, "by": by, "at": contract.updated_at}
    Revision.objects.bulk_create(
        Revision(**common, field=field, old=change.old, new=change.new, why=why) for field, change in changed.items()
    )
