"""待我审批, 我发起的, 抄送我, 已办; one request; submitting a contract with a preview of who will be asked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may, require
from qidang.approvals import running
from qidang.approvals.asking import asked_of
from qidang.approvals.deciding import may_copy
from qidang.approvals.models import Request, Seat
from qidang.contracts import approving
from qidang.contracts.models import Contract
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.approvals.flow import STATES, flow, foreseen
from qidang.web.approvals.forms import DecisionForm, PeopleForm, SubmissionForm
from qidang.web.contracts.views import found as contract_of
from qidang.web.lists.paging import sheet

SEAT_ORDER = ("-asked_at", "-id")
REQUEST_ORDER = ("-id",)


def todo(request: Asked) -> HttpResponse:
    """待我审批."""
    rows = asked_of(request.user).select_related("request__requester__department", "person")
    page = sheet(request, rows, SEAT_ORDER)
    told = [
        (seat.request, seat.asked_at, seat.person if seat.person_id != request.user.pk else None) for seat in page.rows
    ]
    return _listed(request, "todo", page, told)


def mine(request: Asked) -> HttpResponse:
    """我发起的."""
    return _requests(request, "mine", Request.objects.filter(requester=request.user))


def copies(request: Asked) -> HttpResponse:
    """抄送我."""
    seats = Seat.objects.filter(person=request.user, state=Seat.State.COPIED)
    return _requests(request, "copies", Request.objects.filter(pk__in=seats.values("request")))


def done(request: Asked) -> HttpResponse:
    """已办: where one has decided."""
    seats = Seat.objects.filter(decisions__by=request.user)
    return _requests(request, "done", Request.objects.filter(pk__in=seats.values("request")))


def show(request: Asked, uid: UUID) -> HttpResponse:
    """审批单."""
    return shown(request, found(request, uid))


def found(request: Asked, uid: UUID) -> Request:
    """Return the request that the person may see; 404 for everybody else."""
    rows = Request.objects.visible_to(request.user).select_related(
        "requester__department", "version__route", "department"
    )
    one: Request = get_object_or_404(rows, uid=uid)
    return one


def shown(
    request: Asked, one: Request, form: DecisionForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """Show a request: its flow, and what the person can do now."""
    seat = asked_of(request.user).filter(request=one).select_related("person").first()
    context = {
        "approval": one,
        "tone": STATES[Request.State(one.state)],
        "flow": flow(one),
        "seat": seat,
        "form": (form or DecisionForm(approval=one, by=request.user)) if seat else None,
        "may_withdraw": one.requester_id == request.user.pk or may(request.user, "approval.design"),
        "copied": [place.person for place in one.seats.filter(state=Seat.State.COPIED).select_related("person")],
        "copying": PeopleForm(by=request.user, auto_id="copy_%s") if may_copy(one, request.user) else None,
        "contract": _contract(request, one),
        "is_mine": one.requester_id == request.user.pk,
        "refusal": refusal,
    }
    return render(request, "approvals/show.html", context, status=409 if refusal else 200)


def submission(request: Asked, uid: UUID) -> HttpResponse:
    """提交审批: who will be asked and why; POST submits."""
    contract = contract_of(request, uid)
    require(request.user, "contract.edit", contract)
    form, refusal, steps, route = SubmissionForm(request.POST if request.method == "POST" else None), None, [], None
    try:
        approving.refuse_settled(contract)
        version, previewed = running.preview(approving.ContractSubject(contract), by=request.user)
        steps, route = foreseen(previewed), version.route
        if request.method == "POST" and form.is_valid():
            made = approving.submit(contract, by=request.user, **form.cleaned_data)
            messages.success(request, _("已提交审批"))
            return redirect("approvals:show", made.uid)
    except Refused as error:
        refusal = error
    context = {"contract": contract, "flow": steps, "route": route, "form": form, "refusal": refusal}
    status = 409 if refusal and request.method == "POST" else 200
    return render(request, "approvals/submission.html", context, status=status)


def _contract(request: Asked, one: Request) -> Contract | None:
    if one.kind != approving.KIND:
        return None
    return Contract.objects.visible_to(request.user).filter(uid=one.subject_uid).first()


def _requests(request: Asked, here: str, rows: QuerySet[Request]) -> HttpResponse:
    page = sheet(request, rows.select_related("requester__department"), REQUEST_ORDER)
    return _listed(request, here, page, [(one, one.submitted_at, None) for one in page.rows])


def _listed(request: Asked, here: str, page: Any, rows: list[tuple[Request, Any, Any]]) -> HttpResponse:
    told = [(one, at, STATES[Request.State(one.state)], instead) for one, at, instead in rows]
    return render(request, "approvals/list.html", {"here": here, "sheet": page, "rows": told})
