"""归档: the archivist's own act, which gives a contract its 档号 once and for ever; and how a wrong one is undone."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils import timezone

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import User
from qidang.contracts.choices import DocumentKind, FilingStatus
from qidang.contracts.models import Contract, Document, Version
from qidang.holdings import references
from qidang.holdings.models import FilingCounter, Fonds, Record, RecordPaper, RetentionRule, Series, Unfiling
from qidang.holdings.references import Reference
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

FIRST_YEAR = 1949  # DA/T 70-2018 GD-1-5, as standards.md §2.9 reads it
USUAL_RETENTION = "D30"
ORDER = [kind.value for kind in (DocumentKind.BODY, DocumentKind.SCAN, DocumentKind.SUPPLEMENT, DocumentKind.ANNEX)]


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a record goes: 年度, 保管期限, 机构 (three letters or digits, or nothing)."""

    year: int
    retention: RetentionRule
    org: str


def suggested(contract: Contract) -> Place:
    """Return the place that the filing form proposes: signing year, 30年, the department's code where it is one."""
    code = references.plain(contract.department.code)
    return Place(
        year=contract.signed_on.year if contract.signed_on else contract.year,
        retention=RetentionRule.objects.get(code=USUAL_RETENTION),
        org=code if references.fits(references.ORG, code) else "",
    )


def preview(contract: Contract, *, year: int, retention: str | RetentionRule, org: str) -> str:
    """Return the 档号 that filing would give now; nothing is taken or locked."""
    place = place_of(year, retention, org)
    fonds = Fonds.objects.filter(unit=contract.unit).first()
    counter = FilingCounter.objects.filter(
        fonds=fonds, year=place.year, retention=place.retention.code, org=place.org
    ).first()
    code, category = (fonds.code, fonds.category) if fonds else (Fonds.next_code(), "HT")
    item = counter.last + 1 if counter else 1
    return str(Reference(code, category, place.year, place.retention.code, place.org, item))


@transaction.atomic
def file(contract: Contract, *, year: int, retention: str | RetentionRule, org: str, by: User) -> Record:
    """归档 ``contract`` with all its papers as one 件; ``retention`` is a rule or its code (Y, D30, D10)."""
    require(by, "record.file", contract)
    place = place_of(year, retention, org)
    contract.locked()
    signed_on, papers = fileable(contract)
    fonds, is_new = Fonds.of(contract.unit)
    filed = _keep(_described(contract, dated_on=signed_on), papers, fonds, place, by=by)
    contract.mark_filed(filed.reference)
    if is_new:
        record("fonds.opened", fonds, contract.unit, by=by)
    record("record.filed", filed, contract, by=by, details={"reference": filed.reference, "papers": len(papers)})
    return filed


@transaction.atomic
def file_later(
    document: Document,
    *,
    by: User,
    year: int | None = None,
    retention: str | RetentionRule | None = None,
    org: str | None = None,
) -> Record:
    """补充归档: a paper that came after its contract was filed becomes a 件 of its own, linked to the contract's.

    Year is that in which the paper came, retention and 机构 those of the contract's 件, unless given.
    """
    contract = document.contract
    require(by, "record.file", contract)
    contract.locked()
    main = Record.objects.live().main().filter(contract=contract).select_related("fonds", "retention").first()
    if main is None:
        raise Refused("filing.contract_first", number=str(contract))
    if known := Record.objects.holding(document).first():
        raise Refused("filing.paper_filed", title=document.title, reference=known.reference)
    came_on = timezone.localdate(document.added_at)
    place = place_of(year or came_on.year, retention or main.retention, main.org if org is None else org)
    described = _described(contract, part_of=main, title=document.title, dated_on=came_on)
    filed = _keep(described, [document], main.fonds, place, by=by)
    record("record.filed", filed, contract, document, by=by, details={"reference": filed.reference, "papers": 1})
    return filed


@transaction.atomic
def unfile(filed: Record, *, by: User, second: User, why: str) -> Unfiling:
    """撤销归档 by an archivist and a second person who may too; the 档号 is cancelled and never given again."""
    contract = filed.contract
    require(by, "record.unfile", contract)
    contract.locked()
    filed.refresh_from_db(from_queryset=Record.objects.select_for_update())
    if filed.is_cancelled:
        raise Refused("filing.undone_already", reference=filed.reference)
    if second.pk == by.pk or second.is_service or not may(second, "record.unfile", contract):
        raise Refused("filing.second_person", name=str(second))
    if not why.strip():
        raise Refused("filing.why_missing", reference=filed.reference)
    if parts := filed.parts.filter(is_cancelled=False).count():
        raise Refused("filing.has_parts", reference=filed.reference, count=parts)
    undone = Unfiling.objects.create(record=filed, by=by, second=second, why=why.strip(), at=clock.now())
    filed.is_cancelled = True
    filed.save(update_fields=["is_cancelled"])
    if filed.part_of_id is None:
        contract.mark_unfiled()
    record("record.unfiled", filed, contract, second, by=by, details={"why": undone.why})
    return undone


def place_of(year: int, retention: str | RetentionRule, org: str) -> Place:
    """Return a checked place, or refuse what cannot stand in a 档号."""
    last = clock.today().year + 1
    if not FIRST_YEAR <= year <= last:
        raise Refused("filing.bad_year", year=year, first=FIRST_YEAR, last=last)
    code = retention if isinstance(retention, str) else retention.code
    rule = RetentionRule.objects.filter(code=references.plain(code), is_active=True).first()
    if rule is None:
        raise Refused("filing.no_such_retention", retention=code)
    narrow = references.plain(org)
    if narrow and not references.fits(references.ORG, narrow):
        raise Refused("filing.bad_org", org=org)
    return Place(year, rule, narrow)


def fileable(contract: Contract) -> tuple[dt.date, list[Document]]:
    """Return signing day and papers, in the order of a 件, of a contract; refuse one that is not ready to be filed."""
    if contract.filing_status == FilingStatus.FILED:
        raise Refused("filing.filed_already", number=str(contract), reference=contract.reference)
    if contract.signed_on is None:
        raise Refused("filing.not_signed", number=str(contract))
    if not contract.counterparty_name:
        raise Refused("filing.no_counterparty", number=str(contract))
    papers = list(contract.documents.all())
    if not papers:
        raise Refused("filing.no_papers", number=str(contract))
    rank = {kind: number for number, kind in enumerate(ORDER)}
    return contract.signed_on, sorted(papers, key=lambda paper: (rank.get(paper.kind, len(rank)), paper.pk))


def _described(contract: Contract, *, dated_on: dt.date, title: str = "", part_of: Record | None = None) -> Record:
    """著录: a record, not yet placed, in the words of standards.md §2.4 (文号, 责任者, 题名, 日期)."""
    names = list(dict.fromkeys(contract.parties.values_list("name", flat=True)))
    quoted = f"《{(title or contract.title).strip('《》')}》"
    return Record(
        contract=contract,
        part_of=part_of,
        title=quoted + contract.counterparty_name,
        document_number=contract.number,
        responsible="；".join(names or [contract.unit.name, contract.counterparty_name])[:1000],
        dated_on=dated_on,
        secrecy=contract.secrecy,
    )


def _keep(filed: Record, papers: list[Document], fonds: Fonds, place: Place, *, by: User) -> Record:
    """Give ``filed`` its 件号 and write it with its papers and series."""
    series = Series.of(filed.contract, fonds, place.year)
    filed.fonds, filed.category, filed.year = fonds, fonds.category, place.year
    filed.retention, filed.org = place.retention, place.org
    filed.pages = _pages(papers)
    filed.filed_by, filed.filed_at = by, clock.now()
    filed.item = FilingCounter.next_item(fonds, place.year, place.retention.code, place.org)
    filed.reference = str(filed.code)
    filed.save(force_insert=True)
    filed.series.set(series)
    RecordPaper.objects.bulk_create(
        RecordPaper(record=filed, document=paper, position=position) for position, paper in enumerate(papers, start=1)
    )
    return filed


def _pages(papers: list[Document]) -> int | None:
    """Return the pages of the newest versions together, None where none of them is counted."""
    versions = Version.objects.filter(document__in=papers).order_by("no").values_list("document_id", "pages")
    counted = [pages for pages in dict(versions).values() if pages]
    return sum(counted) if counted else None
