"""核对无误: for one field or all of a contract on its page, and for contracts chosen in the register."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.contracts.field_checks import mark_checked, mark_many_checked
from qidang.contracts.models import Contract
from qidang.kit.ids import parse_uid
from qidang.web.answers import Asked
from qidang.web.contracts.views import found


@require_POST
def check(request: Asked, uid: UUID) -> HttpResponse:
    """核对无误: the one ``field`` named, or all; refused where somebody changed the contract since it was shown."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    field, seen = request.POST.get("field", ""), request.POST.get("edit_version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    count = mark_checked(contract, by=request.user, edit_version=version, fields=[field] if field else None)
    messages.success(request, _("%(count)s 项核对无误") % {"count": count})
    return redirect("contracts:show", uid)


@require_POST
def check_many(request: Asked) -> HttpResponse:
    """批量核对无误 for what was chosen; what the person may not edit is not touched."""
    require(request.user, "contract.edit")
    uids = [uid for word in request.POST.getlist("pick") if (uid := parse_uid(word))]
    picked = list(Contract.objects.visible_to(request.user, "contract.edit").filter(uid__in=uids).only("pk"))
    if not picked:
        raise Http404
    count = mark_many_checked(picked, by=request.user)
    messages.success(request, _("%(count)s 份合同核对无误") % {"count": count})
    return redirect("contracts:register")
