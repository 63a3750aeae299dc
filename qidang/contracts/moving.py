"""移动文件: a paper that was put with the wrong contract goes to the right one, with all its versions."""

from django.db import transaction
from django.db.models import Q

from qidang.accounts.models import User
from qidang.contracts.choices import DocumentKind
from qidang.contracts.models import Contract, Document, Version
from qidang.contracts.models.holds import refuse_held
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record


@transaction.atomic
def move(document: Document, to: Contract, *, why: str, by: User) -> Document:
    """移动文件 to another contract; both tell of it. Holdings asks first whether it stands in a filed record.

    Refuses without a reason, from under a hold, and where the other contract has the same bytes already.
    """
    source = document.contract
    if not why.strip():
        raise Refused("document.move_unexplained", title=document.title)
    if source.pk == to.pk:
        raise Refused("document.there_already", title=document.title, number=str(to))
    lock_both(source, to, by=by)
    document.refresh_from_db(fields=["contract"])
    if document.contract_id != source.pk:
        raise Refused("document.moved_meanwhile", title=document.title)
    refuse_held(source)
    _refuse_same_bytes(document, to)
    document.contract = to
    document.save(update_fields=["contract"])
    for contract in (source, to):
        settle_scan(contract)
    record("document.moved", document, source, to, by=by, details={"why": why.strip()})
    return document


def lock_both(one: Contract, other: Contract, *, by: User) -> None:
    """Lock two contracts for ``by`` to edit, always in the same order, so that two people cannot wait on each other."""
    for contract in sorted((one, other), key=lambda contract: contract.pk):
        contract.opened(by)


def settle_scan(contract: Contract) -> None:
    """Derive ``has_scan`` from the papers that are there now; its row is locked."""
    signed = Q(is_scan=True) | Q(document__kind=DocumentKind.SCAN)
    contract.has_scan = Version.objects.filter(signed, document__contract=contract, cleared_at=None).exists()
    contract.updated_at = clock.now()
    contract.save(update_fields=["has_scan", "updated_at"])


def _refuse_same_bytes(document: Document, to: Contract) -> None:
    blobs = document.versions.values("blob_id")
    known = Version.objects.filter(document__contract=to, blob__in=blobs, cleared_at=None).first()
    if known is not None:
        raise Refused("contract.same_bytes", filename=document.title, known=known.filename, no=known.no)
