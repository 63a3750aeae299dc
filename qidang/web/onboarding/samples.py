"""抽检的页: draw a sample, look at its contracts one after the other, accept or reject the lot, print the report."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import Contract
from qidang.intake import sampling
from qidang.intake.comparing import INTO
from qidang.intake.models import Project, SampledItem, Sampling, Verdict
from qidang.intake.models.row import plain
from qidang.intake.texts import fields_of, paper_of
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.reading.paper import Extraction, Found
from qidang.web.answers import Asked
from qidang.web.intake.review_form import EVIDENCE, SIDES
from qidang.web.lists.columns import Column
from qidang.web.lists.export import as_sheet
from qidang.web.onboarding.forms import DrawForm
from qidang.web.onboarding.projects import project_of
from qidang.web.viewer.sheet import Mark, Sheet, asked_page, part_wanted, sheet_of


def samples(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """抽检: the earlier ones, and a form for the next."""
    project = project_of(request, uid)
    form, refusal = DrawForm(request.POST or None), None
    if request.method == "POST":
        require(request.user, "intake.review")
        if form.is_valid():
            try:
                made = sampling.draw(project, by=request.user, **form.values())
            except Refused as error:
                refusal = error
            else:
                messages.success(request, _("抽出 %(n)s 份，逐份核对") % {"n": made.size})
                return redirect("onboarding:sample_item", made.uid, 1)
    context = {
        "project": project,
        "form": form,
        "refusal": refusal,
        "samplings": [(one, sampling.outcome_of(one)) for one in project.samplings.select_related("by", "judged_by")],
        "lot": sampling.lot(project).count(),
        "may_work": may(request.user, "intake.review"),
    }
    return render(request, "onboarding/samples.html", context, status=409 if refusal else 200)


def sample(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """抽检报告; POST accepts or rejects the lot."""
    made, refusal = _sampling(request, uid), None
    if request.method == "POST":
        require(request.user, "intake.review")
        why = request.POST.get("why", "")
        try:
            if request.POST.get("act") == "accept":
                sampling.accept(made, by=request.user, why=why)
                messages.success(request, _("已记为接受"))
            else:
                sampling.reject(made, by=request.user, why=why)
                messages.success(request, _("已记为不接受"))
        except Refused as error:
            refusal = error
        else:
            return redirect("onboarding:sample", made.uid)
    outcome = sampling.outcome_of(made)
    context = {
        "sampling": made,
        "project": made.project,
        "outcome": outcome,
        "rates": {name: sampling.percent(getattr(outcome, name)) for name in ("rate", "low", "high")},
        "limit": sampling.percent(made.limit),
        "shares": {name: sampling.percent(getattr(made, name)) for name in ("expected", "margin")},
        "items": list(_items(request, made)),
        "next": made.items.filter(wrong__isnull=True).values_list("position", flat=True).first(),
        "may_judge": may(request.user, "intake.review") and made.verdict == Verdict.OPEN,
        "may_export": may(request.user, "contract.export"),
        "refusal": refusal,
    }
    return render(request, "onboarding/sample.html", context, status=409 if refusal else 200)


def _sampling(request: Asked, uid: uuid.UUID) -> Sampling:
    mine = Project.objects.visible_to(request.user)
    rows = Sampling.objects.filter(project__in=mine).select_related("project", "by", "judged_by")
    return get_object_or_404(rows, uid=uid)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One contract of the sample, as far as the person may see it."""

    item: SampledItem
    contract: Contract | None

    @property
    def wrong(self) -> str:
        """The names of the fields that are wrong."""
        return _("、").join(Contract.label_of(name) for name in self.item.wrong or ())


def _items(request: Asked, made: Sampling) -> list[Line]:
    items = list(made.items.select_related("by", "arrival"))
    seen = Contract.objects.visible_to(request.user).filter(pk__in=[one.contract_id for one in items])
    known = {contract.pk: contract for contract in seen}
    return [Line(one, known.get(one.contract_id)) for one in items]


REPORT = (
    Column("position", "#", lambda line: line.item.position),
    Column("number", _l("合同编号"), lambda line: line.contract.number if line.contract else ""),
    Column("title", _l("合同名称"), lambda line: line.contract.title if line.contract else ""),
    Column("wrong", _l("差错"), lambda line: line.wrong),
    Column("by", _l("核对人"), lambda line: line.item.by.name if line.item.by else ""),
    Column("at", _l("核对时间"), lambda line: line.item.at),
)


def export(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """导出抽检明细."""
    made = _sampling(request, uid)
    require(request.user, "contract.export")
    record_read("project.exported", made.project, made, by=request.user, details={"list": "sample"})
    return as_sheet(_items(request, made), REPORT, _("抽检明细"))


def item(request: Asked, uid: uuid.UUID, number: int) -> HttpResponse:
    """核对一份: its paper beside its fields; POST marks what is wrong and goes on to the next."""
    made = _sampling(request, uid)
    one = get_object_or_404(made.items.select_related("arrival__blob"), position=number)
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=one.contract_id)
    if request.method == "POST":
        sampling.look_at(one, request.POST.getlist("wrong"), by=request.user)
        following = made.items.filter(wrong__isnull=True).values_list("position", flat=True).first()
        if following is None:
            return redirect("onboarding:sample", made.uid)
        return redirect("onboarding:sample_item", made.uid, following)
    extraction = fields_of(one.arrival.sha256) if one.arrival else None
    fields = [_field(contract, one, extraction, name) for name in INTO.values()]
    shown = _paper(request, one, fields)
    if part_wanted(request):
        return render(request, "viewer/sheet.html", {"sheet": shown})
    context = {
        "sampling": made,
        "project": made.project,
        "item": one,
        "contract": contract,
        "fields": fields,
        "sheet": shown,
        "seen": sampling.outcome_of(made).seen,
        "may_decide": made.verdict == Verdict.OPEN and may(request.user, "intake.review"),
    }
    return render(request, "onboarding/sample_item.html", context)


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A field of the contract with what was read for it."""

    name: str
    label: str
    value: str
    found: Found | None
    is_wrong: bool


def _field(contract: Contract, one: SampledItem, extraction: Extraction | None, name: str) -> Field:
    value: Any = getattr(contract, name)
    shown = str(getattr(contract, f"get_{name}_display")()) if name == "contract_type" else plain(value or "")
    found = _found(extraction, name, shown) if extraction else None
    return Field(name, Contract.label_of(name), shown, found, name in (one.wrong or ()))


def _found(extraction: Extraction, name: str, value: str) -> Found | None:
    if name == "counterparty_name":
        sides = [extraction.fields.get(key) for key in SIDES]
        return next((one for one in sides if one is not None and one.value == value), None)
    return extraction.fields.get(EVIDENCE.get(name, ""))


def _paper(request: Asked, one: SampledItem, fields: list[Field]) -> Sheet | None:
    paper = paper_of(one.arrival.sha256) if one.arrival else None
    if paper is None or one.arrival is None:
        return None
    number = asked_page(request, paper)
    places = [(each.name, each.found) for each in fields if each.found is not None and each.found.raw.strip()]
    marks = [Mark(found.page, found.start, found.end, found.box, name) for name, found in places]
    address = reverse("intake:page_image", args=[one.arrival.uid, number])
    return sheet_of(paper, number, address, marks, as_text=request.GET.get("view") == "text")
