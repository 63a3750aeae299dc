"""外出代理: who decides for me while I am out of office."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.models import Deputy
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.approvals.forms import DeputyForm


def deputies(request: Asked) -> HttpResponse:
    """我的代理人, and whom I stand in for."""
    form, refusal = DeputyForm(request.POST or None, by=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            Deputy.appoint(request.user, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已指定代理人"))
            return redirect("approvals:deputies")
    rows = Deputy.objects.visible_to(request.user).filter(ended_at=None, to_on__gte=today())
    shown = {"here": "deputies", "form": form, "refusal": refusal, "rows": rows.select_related("person", "deputy")}
    return render(request, "approvals/deputies.html", shown, status=409 if refusal else 200)


@require_POST
def end(request: Asked, uid: UUID) -> HttpResponse:
    """结束代理."""
    row = get_object_or_404(Deputy.objects.visible_to(request.user), uid=uid)
    row.end(by=request.user)
    messages.success(request, _("代理已结束"))
    return redirect("approvals:deputies")
