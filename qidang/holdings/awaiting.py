"""待归档: what the archivist has still to file."""

from django.db.models import QuerySet

from qidang.accounts.models import User
from qidang.contracts.choices import FilingStatus, Status
from qidang.contracts.models import Contract, Document
from qidang.holdings.models import RecordPaper


def awaiting_filing(user: User) -> QuerySet[Contract]:
    """Return the signed contracts with papers, not void, that ``user`` may file; oldest signing first."""
    within = Contract.objects.visible_to(user, "record.file").filter(
        filing_status=FilingStatus.UNFILED, signed_on__isnull=False
    )
    papered = Document.objects.values("contract_id")
    return within.filter(pk__in=papered).exclude(status=Status.VOID).order_by("signed_on", "id")


def papers_awaiting_filing(user: User) -> QuerySet[Document]:
    """Return the papers that came after their contract was filed and stand in no live record yet."""
    filed = RecordPaper.objects.filter(record__is_cancelled=False).values("document_id")
    within = Contract.objects.visible_to(user, "record.file").filter(filing_status=FilingStatus.FILED)
    return Document.objects.filter(contract__in=within.values("pk")).exclude(pk__in=filed).order_by("added_at", "id")
