"""移交原件: the form that the receiver signs, the signatures, and the slips that follow."""

import base64
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.contracts import originals
from qidang.contracts.models import OriginalsHandover
from qidang.contracts.originals import Handing
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.handing_over_forms import HandoverForm, SlipForm
from qidang.web.contracts.papers import paper_of
from qidang.web.contracts.views import found


def handing_over(request: Asked, uid: UUID) -> HttpResponse:
    """移交原件, and what was handed over before."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    start = {"count": originals.in_hand(contract) or 1, "giver": contract.original_holder, "on": today()}
    form, refusal = HandoverForm(request.POST or None, initial=start), None
    if request.method == "POST" and form.is_valid():
        try:
            originals.hand_over(contract, Handing(**form.cleaned_data), by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("原件交接已登记"))
            return redirect("contracts:handing_over", uid)
    shown = {"contract": contract, "form": form, "refusal": refusal, "handovers": contract.handovers.told()}
    return render(request, "contracts/handing_over.html", shown, status=409 if refusal else 200)


def signature(request: Asked, uid: UUID) -> HttpResponse:
    """签字 of the receiver, as a picture; 404 where it was confirmed by name only."""
    wanted = OriginalsHandover.objects.visible_to(request.user)
    handover: OriginalsHandover = get_object_or_404(wanted, uid=uid)
    if not handover.signature:
        raise Http404
    answer = HttpResponse(base64.b64decode(handover.signature), content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer


def slip(request: Asked, uid: UUID) -> HttpResponse:
    """补附签收单."""
    wanted = OriginalsHandover.objects.visible_to(request.user).select_related("contract__department", "slip")
    handover: OriginalsHandover = get_object_or_404(wanted.defer("signature"), uid=uid)
    require(request.user, "contract.edit", handover.contract)
    form, refusal = SlipForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        form.cleaned_data["title"] = _("原件交接签收单 %(on)s") % {"on": handover.on}
        paper = paper_of(form)
        assert paper is not None
        try:
            originals.attach_slip(handover, paper, by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("签收单已收存"))
            return redirect("contracts:handing_over", handover.contract.uid)
    shown = {"contract": handover.contract, "handover": handover, "form": form, "refusal": refusal}
    return render(request, "contracts/slip.html", shown, status=409 if refusal else 200)
