"""合同台账 and 合同页: looking at contracts. What changes them stands in ``writing``, ``papers`` and ``filing``."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from qidang.accounts.capabilities import may, require
from qidang.contracts.approving import newest_of
from qidang.contracts.choices import GONE, Status
from qidang.contracts.models import Contract, FieldSource, Hold, Joining, NumberClash, Version
from qidang.contracts.relating import ordered, tree
from qidang.holdings.models import Record
from qidang.intake.models import Arrival
from qidang.kit.amounts import in_words
from qidang.ledger import Entry, phrases, record_read
from qidang.ledger.models import EntrySubject
from qidang.web.answers import Asked
from qidang.web.contracts.chips import clash_chip, hold_chip, of_contract
from qidang.web.contracts.customs import custom_labels, facts_of
from qidang.web.contracts.facts import dates, sections, summed, told
from qidang.web.contracts.ledger_rows import has_any, ledger_rows
from qidang.web.contracts.stages import stages

TABS = (
    ("basic", gettext_lazy("基本信息")),
    ("papers", gettext_lazy("正文与附件")),
    ("versions", pgettext_lazy("复数", "版本")),
    ("ledger", gettext_lazy("台账原文")),
    ("related", gettext_lazy("关联合同")),
    ("log", gettext_lazy("操作日志")),
)
SHOWN = (
    "unit",
    "department",
    "owner__department",
    "counterparty",
    "registered_by__department",
    "parent",
    "voiding__by",
)
CUSTOM = gettext_lazy("自定义字段")
ACTS = {
    "edit": "contract.edit",
    "void": "contract.edit",
    "hold": "contract.hold",
    "history": "contract.enter_history",
    "withdraw": "contract.withdraw",
    "print": "contract.print",
    "download": "document.download",
    "file": "record.file",
    "unfile": "record.unfile",
}
HISTORY = 200
FEW_HANDOVERS = 3
FEW = 20
DRAWN = re.compile(r"\.(?:pdf|ofd|jpe?g|png|tiff?|webp|bmp)$", re.IGNORECASE)  # files whose pages are pictures


def found(request: Asked, uid: UUID) -> Contract:
    """Return the contract whose page the person may open, be it merged or his to restore; 404 for everybody else."""
    contract: Contract = get_object_or_404(Contract.objects.known_to(request.user).select_related(*SHOWN), uid=uid)
    return contract


def common(request: Asked, contract: Contract) -> dict[str, Any]:
    """Return what the page, the glance and the print share."""
    held = list(Hold.objects.standing(contract).select_related("placed_by"))
    chips = of_contract(contract)
    clashing = NumberClash.objects.standing().of(contract).exists()
    chips += [clash_chip()] if clashing else []
    return {
        "contract": contract,
        "clashing": clashing,
        "held": held,
        "is_over": contract.status in ("VOID", *GONE),
        "chips": [*chips, hold_chip()] if held else chips,
        "dates": dates(contract),
        "may": {act: may(request.user, capability, contract) for act, capability in ACTS.items()},
    }


def show(request: Asked, uid: UUID) -> HttpResponse:
    """合同页: one tab at a time; looking at it is recorded."""
    contract = found(request, uid)
    here = request.GET.get("tab", "basic")
    here = here if here in dict(TABS) else "basic"
    tabs = [one for one in TABS if one[0] != "ledger" or here == "ledger" or has_any(contract)]
    shown = common(request, contract) | PANELS[here](request, contract)
    if here == "papers":
        shown["arrivals"] = arrivals(request, contract)
    shown |= {
        "here": here,
        "tabs": [{"key": key, "word": word} for key, word in tabs],
        "clear": shown["may"]["edit"],  # accounts and phones in full
        "panel": f"contracts/tabs/{here}.html",
        "sources": sources(contract),
    }
    if request.headers.get("HX-Target", "").endswith("#panel"):
        return render(request, "contracts/panel.html", shown)
    record_read("contract.viewed", contract, by=request.user)
    approval = newest_of(contract)
    words = in_words(contract.amount) if contract.amount is not None and contract.currency == "CNY" else ""
    shown |= {
        "approval": approval,
        "stages": stages(contract, approval),
        "in_words": words,
        "related": related(request, contract),
        "record": filed(contract),
        "past": contract.history_entries.standing().select_related("by__department", "document").first(),
        "handovers": contract.handovers.told()[:FEW_HANDOVERS],
    }
    shown |= fate(request, contract)
    return render(request, "contracts/show.html", shown)


def fate(request: Asked, contract: Contract) -> dict[str, Any]:
    """Return why the registration counts no longer, or which ones became part of it, as far as visible."""
    known = Contract.objects.known_to(request.user)
    if contract.status == Status.MERGED:
        joining = contract.joinings.standing().select_related("by").get()
        return {"joining": joining, "survivor": known.filter(pk=joining.kept_id).first()}
    if contract.status == Status.WITHDRAWN:
        return {"withdrawal": contract.withdrawals.standing().select_related("by").first()}
    joined = Joining.objects.standing().filter(kept=contract)
    return {"joined": known.filter(pk__in=joined.values("gone")).order_by("pk")}


def glance(request: Asked, uid: UUID) -> HttpResponse:
    """抽屉: the contract beside its list."""
    contract = found(request, uid)
    record_read("contract.viewed", contract, by=request.user)
    shown = common(request, contract) | papers(request, contract)
    return render(request, "contracts/glance.html", shown)


def printed(request: Asked, uid: UUID) -> HttpResponse:
    """打印登记表: the whole record on A4, recorded."""
    contract = found(request, uid)
    require(request.user, "contract.print", contract)
    record_read("contract.printed", contract, by=request.user)
    shown = common(request, contract) | basic(request, contract) | papers(request, contract)
    return render(request, "contracts/print.html", shown)


def sources(contract: Contract) -> dict[str, FieldSource]:
    """来源 of each field, by name."""
    return {one.field: one for one in contract.field_sources.select_related("checked_by", "version")}


def relations(request: Asked, contract: Contract) -> dict[str, Any]:
    """关联合同: the tree as far as the person may see it, and what the orders of a framework come to."""
    root = tree(contract, request.user)
    return {"root": root, "orders": ordered(contract, request.user) if root else []}


def related(request: Asked, contract: Contract) -> list[Contract]:
    """Return parent and children that the person may see."""
    near = Contract.objects.visible_to(request.user)
    return list((near.filter(Q(pk=contract.parent_id) | Q(parent=contract))).order_by("signed_on")[:20])


def filed(contract: Contract) -> Record | None:
    """Return the record in which the contract is filed, with what its page tells of it."""
    if not contract.reference:
        return None
    records = Record.objects.live().main().filter(contract=contract)
    return records.select_related("retention", "filed_by__department").first()


def basic(request: Asked, contract: Contract) -> dict[str, Any]:
    """基本信息."""
    items, parts = list(contract.line_items.all()), list(contract.instalments.all())
    return {
        "sections": [*sections(contract), {"title": CUSTOM, "facts": facts_of(contract, request.user)}],
        "parties": contract.parties.all(),
        "line_items": items,
        "instalments": parts,
        "item_sums": summed(items, contract.amount),
        "part_sums": summed(parts, contract.amount),
    }


def papers(request: Asked, contract: Contract) -> dict[str, Any]:
    """正文与附件: every document with its newest version."""
    versions = Version.objects.select_related("blob").newest_first()
    documents = list(contract.documents.prefetch_related(Prefetch("versions", versions, to_attr="newest_first")))
    newest: list[Version] = [one for document in documents for one in document.newest_first[:1]]  # type: ignore[attr-defined]
    drawn = {version.pk for version in newest if DRAWN.search(version.filename)}
    return {"documents": documents, "drawn": drawn}


def arrivals(request: Asked, contract: Contract) -> list[Arrival]:
    """收集记录: what came in for the contract, or was held to be a copy of it, as far as the person may see it."""
    seen = Arrival.objects.visible_to(request.user).filter(contract=contract)
    return list(seen.select_related("batch__by").order_by("-id")[:FEW])


def versions(request: Asked, contract: Contract) -> dict[str, Any]:
    """版本: every file that ever came in, newest first."""
    every = Version.objects.filter(document__contract=contract).select_related("document", "blob", "by__department")
    return {"versions": every.order_by("-at", "-id")}


def history(request: Asked, contract: Contract) -> dict[str, Any]:
    """操作日志 of this contract, and what was changed from what to what; other contracts only as far as visible."""
    language = get_language() or "zh"
    entries = list(Entry.objects.filter(chain="acts").about(contract.uid)[:HISTORY])
    prefetch_related_objects(entries, _subjects(request, contract, entries))
    changes = list(contract.revisions.select_related("by")[:HISTORY])
    customs = custom_labels(one.field for one in changes)
    revisions = [told(one, customs) for one in changes]
    story = [{"at": one.at, "address": one.address, "sentence": phrases.sentence(one, language)} for one in entries]
    return {"entries": story, "revisions": revisions}


def _subjects(request: Asked, contract: Contract, entries: list[Entry]) -> "Prefetch[Any]":
    """Return what the entries are about, without the contracts that the person may not see."""
    subjects = EntrySubject.objects.filter(entry__in=entries)
    others = set(subjects.filter(kind=Contract.ledger_kind).exclude(uid=contract.uid).values_list("uid", flat=True))
    seen = set(Contract.objects.known_to(request.user).filter(uid__in=others).values_list("uid", flat=True))
    return Prefetch("subjects", EntrySubject.objects.exclude(uid__in=others - seen))


PANELS = {
    "basic": basic,
    "papers": papers,
    "versions": versions,
    "ledger": ledger_rows,
    "log": history,
    "related": relations,
}
