"""审批处理: what a person who is asked, or who submitted it, does with a request."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.approvals import deciding
from qidang.approvals.asking import open_seat_of
from qidang.approvals.models import Seat
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.approvals.forms import START, DecisionForm, PeopleForm
from qidang.web.approvals.views import found, shown


@require_POST
def decide(request: Asked, uid: UUID) -> HttpResponse:
    """同意, 驳回, 转办, 加签."""
    one = found(request, uid)
    form = DecisionForm(request.POST, approval=one, by=request.user)
    if not form.is_valid():
        return shown(request, one, form)
    try:
        _act(request, open_seat_of(one, request.user), form)
    except Refused as refusal:
        return shown(request, found(request, uid), form, refusal)
    messages.success(request, _("已处理"))
    return redirect("approvals:todo")


def _act(request: Asked, seat: Seat, form: DecisionForm) -> None:
    by, given = request.user, form.cleaned_data
    opinion, people = given["opinion"], list(given["people"])
    if given["act"] == "agree":
        deciding.agree(seat, by=by, opinion=opinion)
    elif given["act"] == "back":
        to = None if given["to"] in ("", START) else int(given["to"])
        deciding.send_back(seat, by=by, opinion=opinion, to=to)
    elif given["act"] == "hand_on":
        deciding.hand_on(seat, to=people[0], by=by, opinion=opinion)
    elif given["act"] == "add_before":
        deciding.add_before(seat, people=people, by=by, opinion=opinion)
    else:
        deciding.add_after(seat, people=people, by=by, opinion=opinion)


@require_POST
def withdraw(request: Asked, uid: UUID) -> HttpResponse:
    """撤回."""
    deciding.withdraw(found(request, uid), by=request.user)
    messages.success(request, _("已撤回"))
    return redirect("approvals:show", uid)


@require_POST
def urge(request: Asked, uid: UUID) -> HttpResponse:
    """催办."""
    deciding.urge(found(request, uid), by=request.user)
    messages.success(request, _("已催办"))
    return redirect("approvals:show", uid)


@require_POST
def copy(request: Asked, uid: UUID) -> HttpResponse:
    """抄送."""
    one, form = found(request, uid), PeopleForm(request.POST, by=request.user)
    deciding.copy_to(one, people=list(form.cleaned_data["people"]) if form.is_valid() else [], by=request.user)
    messages.success(request, _("已抄送"))
    return redirect("approvals:show", uid)
