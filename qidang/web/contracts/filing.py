"""归档 and 撤销归档 on the contract's page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.accounts.signing_in import open_session
from qidang.contracts.models import Contract
from qidang.holdings import filing
from qidang.holdings.models import Record
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.filing_forms import FilingForm, UnfilingForm
from qidang.web.contracts.views import found
from qidang.web.session.devices import known


def file(request: Asked, uid: UUID) -> HttpResponse:
    """归档: 年度, 保管期限, 机构; the 档号 that it would get stands beside."""
    contract = found(request, uid)
    require(request.user, "record.file", contract)
    place = filing.suggested(contract)
    start = {"year": place.year, "retention": place.retention.code, "org": place.org}
    form, refusal = FilingForm(request.POST or None, initial=start), None
    if request.method == "POST" and form.is_valid():
        try:
            filed = filing.file(contract, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已归档，档号 %(reference)s") % {"reference": filed.reference})
            return redirect("contracts:show", uid)
    shown = {"contract": contract, "form": form, "refusal": refusal, "documents": contract.documents.all()}
    shown["reference"] = _preview(contract, start)
    return render(request, "contracts/filing.html", shown, status=409 if refusal else 200)


def preview(request: Asked, uid: UUID) -> HttpResponse:
    """预览档号 for what stands in the form."""
    contract = found(request, uid)
    require(request.user, "record.file", contract)
    form = FilingForm(request.GET)
    words = _preview(contract, form.cleaned_data) if form.is_valid() else "—"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def unfile(request: Asked, uid: UUID) -> HttpResponse:
    """撤销归档: with the reason, and a second person who signs at this screen."""
    contract = found(request, uid)
    require(request.user, "record.unfile", contract)
    record = get_object_or_404(Record.objects.live().main(), contract=contract)
    form, refusal = UnfilingForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            second = open_session(given["second"], given["password"], device=known(request, given["second"]))
            filing.unfile(record, by=request.user, second=second, why=given["why"])
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已撤销归档，档号 %(reference)s 注销") % {"reference": record.reference})
            return redirect("contracts:show", uid)
    shown = {"contract": contract, "record": record, "form": form, "refusal": refusal}
    return render(request, "contracts/unfiling.html", shown, status=409 if refusal else 200)


def _preview(contract: Contract, place: dict[str, Any]) -> str:
    try:
        return filing.preview(contract, **place)
    except Refused as error:
        return error.message
