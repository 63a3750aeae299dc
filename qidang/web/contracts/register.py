"""合同台账: the list of contracts, and its export."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import CustomField
from qidang.contracts.register import DEFAULT_SORT, Filters, Register
from qidang.kit.clock import today
from qidang.kit.ids import parse_uid
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.contracts.columns import COLUMNS
from qidang.web.contracts.customs import columns
from qidang.web.contracts.filters import RegisterFilter
from qidang.web.lists.arrangement import Arrangement, arrangement
from qidang.web.lists.export import as_sheet


def _arranged(request: Asked, fields: Sequence[CustomField]) -> Arrangement:
    tabs = (
        (_("全部"), ""),
        (_("我负责的"), f"owner={request.user.pk}"),
        (_("即将到期"), "expires_within=30&sort=expires_on"),
        (_("待归档"), "filing=UNFILED"),
        (_("缺扫描件"), "missing_scan=1"),
        (_("缺原件"), "missing_originals=1&sort=signed_on"),
        (_("未核"), "unchecked=1"),
    )
    return arrangement(request, "contracts", [*COLUMNS, *columns(fields)], tabs)


def _register(request: Asked, fields: Sequence[CustomField]) -> Register:
    filters = Filters.parsed(request.GET, today=today(), customs=fields)
    return Register(request.user, filters, request.GET.get("sort") or DEFAULT_SORT, customs=fields)


def register(request: Asked) -> HttpResponse:
    """台账."""
    require(request.user, "contract.read")
    fields = list(CustomField.objects.all())
    shown = {
        "list": _arranged(request, fields),
        "sheet": _register(request, fields).page(request.GET.get("after", ""), before=request.GET.get("before", "")),
        "form": RegisterFilter(request.GET, by=request.user, fields=fields),
        "may_register": may(request.user, "contract.create"),
        "may_file": may(request.user, "record.file"),
        "may_check": may(request.user, "contract.edit"),
        "may_history": may(request.user, "contract.enter_history"),
        "may_print": may(request.user, "contract.print"),
        "may_export": may(request.user, "contract.export"),
    }
    return render(request, "contracts/register.html", shown)


def export(request: Asked) -> HttpResponse:
    """导出: everything filtered (GET) or what is chosen (POST), with the columns that are shown."""
    require(request.user, "contract.export")
    fields = list(CustomField.objects.all())
    register, look = _register(request, fields), _arranged(request, fields)
    picked = [uid for word in request.POST.getlist("pick") if (uid := parse_uid(word))]
    rows = list(register.contracts().filter(uid__in=picked)) if picked else register.all_rows()
    record_read("register.exported", by=request.user, details={"query": look.query, "picked": len(picked)})
    return as_sheet(rows, look.columns, _("合同台账"))
