"""取下: a paper that an import put to the wrong contract is taken off again; its bytes stay with who brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from qidang.contracts.choices import DocumentKind, FilingStatus
from qidang.contracts.models import Version
from qidang.contracts.models.holds import refuse_held
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Document


@transaction.atomic
def take_off(document: Document, *, by: User, why: str) -> None:
    """取下文件. Refuses once the contract is filed or held, or the paper has got a later version: it is used then."""
    contract = document.contract.opened(by)
    versions = list(document.versions.select_related("blob"))
    if contract.filing_status == FilingStatus.FILED:
        raise Refused("contract.filed_already", number=str(contract), reference=contract.reference)
    refuse_held(contract)
    if len(versions) > 1:
        raise Refused("contract.paper_has_versions", title=document.title)
    sha256s = [version.blob.sha256 for version in versions]
    for version in versions:
        version.blob.holders.filter(kind=Version.ledger_kind, uid=version.uid).delete()
        version.delete()
    record("document.taken_off", contract, document, by=by, details={"why": why.strip(), "sha256": sha256s})
    document.delete()
    signed = Q(is_scan=True) | Q(document__kind=DocumentKind.SCAN)
    contract.has_scan = Version.objects.filter(signed, document__contract=contract, cleared_at=None).exists()
    contract.updated_at = clock.now()
    contract.save(update_fields=["has_scan", "updated_at"])
