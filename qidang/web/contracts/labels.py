"""登记卡 and 标签 on paper, and the short address behind their codes."""

import itertools
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.contracts.models import Contract
from qidang.kit.amounts import in_words
from qidang.kit.ids import parse_uid
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.contracts.codes import address_of, code_of
from qidang.web.contracts.label_sheets import BY_KEY, SHEETS
from qidang.web.contracts.views import found
from qidang.web.forms import QuietForm

MOST = 200  # labels in one go
LINES, BLANK_LINES = 12, 8  # of the card: hand-overs that were, and lines for those to come


class LabelForm(QuietForm):
    """Which paper, and how many labels of its first page are gone already."""

    sheet = forms.ChoiceField(label=_("标签纸"), choices=[(one.key, one.words) for one in SHEETS])
    skip = forms.IntegerField(label=_("首页已用掉几张"), min_value=0, max_value=39, required=False)


def scanned(request: Asked, uid: UUID) -> HttpResponse:
    """扫码: the short address of a contract leads to its page; 404 for whom it is none of his."""
    return redirect("contracts:show", found(request, uid).uid)


def card(request: Asked, uid: UUID) -> HttpResponse:
    """登记卡: one A4 page that lies with the paper; printing is recorded."""
    contract = found(request, uid)
    require(request.user, "contract.print", contract)
    record_read("contract.card_printed", contract, by=request.user)
    handovers = list(contract.handovers.told()[:LINES])[::-1]
    is_cny = contract.amount is not None and contract.currency == "CNY"
    shown = {
        "contract": contract,
        "code": code_of(request, contract),
        "address": address_of(request, contract),
        "in_words": in_words(contract.amount) if contract.amount is not None and is_cny else "",
        "handovers": handovers,
        "blank_lines": range(max(BLANK_LINES - len(handovers), 2)),
    }
    return render(request, "contracts/card.html", shown)


def labels(request: Asked) -> HttpResponse:
    """标签: those of the chosen contracts on the chosen paper; without any chosen, back to the register."""
    require(request.user, "contract.print")
    given = request.POST if request.method == "POST" else request.GET
    uids = [uid for word in given.getlist("pick")[:MOST] if (uid := parse_uid(word))]
    if not uids:
        return redirect("contracts:register")
    contracts = _chosen(request, uids)
    form = LabelForm(given if "sheet" in given else None, initial={"sheet": SHEETS[0].key, "skip": 0})
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    sheet, skip = BY_KEY[chosen.get("sheet", SHEETS[0].key)], chosen.get("skip") or 0
    details = {"sheet": sheet.key, "count": len(contracts)}
    record_read("contract.labels_printed", *contracts, by=request.user, details=details)
    places: list[dict[str, Any] | None] = [None] * min(skip, sheet.count - 1)
    places += [{"contract": one, "code": code_of(request, one)} for one in contracts]
    pages = list(itertools.batched(places, sheet.count))
    shown = {"form": form, "sheet": sheet, "contracts": contracts, "pages": pages}
    return render(request, "contracts/labels.html", shown)


def _chosen(request: Asked, uids: list[UUID]) -> list[Contract]:
    """Return the chosen contracts that the person may print, in the order of their numbers; 404 where none is."""
    within = Contract.objects.visible_to(request.user, "contract.print").filter(uid__in=uids)
    chosen = list(within.select_related("unit").order_by("number", "id"))
    if not chosen:
        raise Http404
    return chosen
