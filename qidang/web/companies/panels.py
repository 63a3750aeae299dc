"""客户页的各栏: what stands under each tab of a company's page, within what the reader may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qidang.accounts.models import User
from qidang.contracts.dealings import Dealings
from qidang.contracts.models import Company, Contact, Contract, Document, Note, Party, Removal, Version
from qidang.ledger import Entry, phrases
from qidang.web.answers import Asked
from qidang.web.contracts.chips import status_chip
from qidang.web.lists.paging import sheet

SORT = "-signed_on"
PAPERS = ("-id",)
PAPERS_SHOWN = 50
FEW, STORY = 50, 120


@dataclass(frozen=True)
class Place:
    """What a panel needs: who asks, about which company, and the contracts with it."""

    request: Asked
    company: Company
    dealings: Dealings
    sums: list[Any]

    @property
    def user(self) -> User:
        """Who asks."""
        return self.request.user

    def uids(self) -> list[Any]:
        """Return the uids under which the log knows the company: its own, and those of the merged ones."""
        merged = self.company.merged.values_list("uid", flat=True)
        return [self.company.uid, *(merged if self.company.has_merged else [])]  # type: ignore[attr-defined]

    def contracts(self) -> QuerySet[Contract]:
        """Return the contracts with the company that the reader may see."""
        return self.dealings.contracts()


def contracts(place: Place, totals: Any) -> dict[str, Any]:
    """合同: one page of them."""
    asked = place.request.GET
    page = place.dealings.page(asked.get("after", ""), before=asked.get("before", ""), totals=totals)
    return {"sheet": page, "rows": [(one, status_chip(one)) for one in page.rows]}


def papers(place: Place) -> dict[str, Any]:
    """文件: the papers of these contracts, the last that came in first, each with its newest version."""
    versions = Version.objects.select_related("blob").newest_first()
    found = Document.objects.filter(contract__in=place.contracts())
    # not select_related: with 5,000 papers to sort, the whole contract of each would go through the sorter
    found = found.prefetch_related("contract", Prefetch("versions", versions, to_attr="newest_first"))
    return {"sheet": sheet(place.request, found, PAPERS, PAPERS_SHOWN)}


def people(place: Place) -> dict[str, Any]:
    """人员: contacts, who signed for the company, and who of us deals with it."""
    contacts = Contact.objects.visible_to(place.user).filter(company=place.company).select_related("added_by")
    signed = Party.objects.filter(company=place.company, contract__in=place.contracts()).exclude(signatory="")
    signers = signed.values("signatory", "signatory_title").annotate(count=Count("*"), last=Max("contract__signed_on"))
    owners = (
        place.contracts().values("owner__name", "department__name").annotate(count=Count("*"), last=Max("signed_on"))
    )
    return {
        "contacts": contacts,
        "signers": signers.order_by("-count", "signatory")[:FEW],
        "owners": owners.order_by("-count", "owner__name")[:FEW],
    }


def notes(place: Place) -> dict[str, Any]:
    """备注."""
    found = (
        Note.objects.visible_to(place.user)
        .filter(company=place.company)
        .select_related("added_by__department", "edited_by")
    )
    return {"notes": found[:STORY]}


def log(place: Place) -> dict[str, Any]:
    """经过: what was done about the company and when its contracts were signed, newest first; what was removed."""
    language = get_language() or "zh"
    entries = Entry.objects.filter(chain="acts").about(*place.uids()).prefetch_related("subjects")[:STORY]
    story: list[tuple[dt.date, int, str, str, Any]] = [
        (one.at.date(), 1, f"{one.at:%Y%m%d%H%M%S}", _sentence(one, language, place), one.at) for one in entries
    ]
    signed = place.contracts().exclude(signed_on=None).order_by("-signed_on", "-pk")[:STORY]
    for one in signed:
        words = _("签订“%(title)s” %(number)s") % {"title": one.title, "number": one.number}
        assert one.signed_on is not None
        story.append((one.signed_on, 0, "", words, one))
    removed = Removal.objects.visible_to(place.user).filter(company=place.company).select_related("by")
    return {"story": sorted(story, key=lambda told: told[:3], reverse=True)[:STORY], "removals": removed[:STORY]}


def _sentence(entry: Entry, language: str, place: Place) -> str:
    """A ledger sheet brings several companies in one entry; each is told of itself only."""
    return phrases.sentence(entry, language, place.company.name if entry.act == "company.added" else "")
