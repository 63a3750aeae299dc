"""合并客户的页: choose, look at what would move, merge, and undo; and the companies that may be one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.accounts.scopes import reach
from qidang.contracts import merging as merges
from qidang.contracts import twins
from qidang.contracts.models import Company, Merge, Twins
from qidang.contracts.tasks import carry_on_merges, find_twins
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.companies.forms import MergeForm, UndoingForm
from qidang.web.companies.views import known
from qidang.web.lists.paging import sheet

PATIENCE = 4.0  # seconds that a person waits for contracts to move; the worker moves the rest
FOUND = 20
AT_ONCE = 2000  # companies among which twins are found while the person waits
TWIN_ORDER = ("-score", "id")
KINDS = {
    "contract": pgettext_lazy("复数", "合同"),
    "party": gettext_lazy("签约方"),
    "alias": gettext_lazy("其他名称"),
    "code": gettext_lazy("外部系统代码"),
    "contact": gettext_lazy("联系人"),
    "note": gettext_lazy("备注"),
    "merged": gettext_lazy("此前并入的公司"),
}
REASONS = {"name": gettext_lazy("名称相近"), "uscc": gettext_lazy("信用代码相同"), "phone": gettext_lazy("电话相同")}


def merging(request: Asked, uid: UUID) -> HttpResponse:
    """合并客户: choose the other one, then see what would move; POST merges."""
    require(request.user, "company.edit")
    kept = known(request, uid)
    other = parse_uid(request.POST.get("with", "") or request.GET.get("with", ""))
    if other is None:
        return render(request, "companies/merging.html", {"company": kept, "found": _found(request, kept)})
    gone, refusal = known(request, other), None
    shown = merges.preview(kept, gone, user=request.user)
    form = MergeForm(request.POST or None, second_look=shown.needs_second_look)
    if request.method == "POST" and form.is_valid():
        try:
            merge = merges.merge(kept, gone, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _carried_on(request, merge, _("已合并"))
    context = {"company": kept, "gone": gone, "preview": shown, "counts": _told(shown.counts), "form": form}
    context |= {"refusal": refusal or shown.refusal}
    return render(request, "companies/merging.html", context, status=409 if refusal else 200)


def merge(request: Asked, uid: UUID) -> HttpResponse:
    """合并记录: what moved, and whether it still moves or went back."""
    return _merge(request, _merge_of(request, uid), UndoingForm())


def undoing(request: Asked, uid: UUID) -> HttpResponse:
    """撤销合并, with the reason."""
    require(request.user, "company.edit")
    merge, form = _merge_of(request, uid), UndoingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merges.undo(merge, by=request.user, why=form.cleaned_data["why"])
        except Refused as refusal:
            return _merge(request, merge, form, refusal)
        return _carried_on(request, merge, _("合并已撤销"))
    return _merge(request, merge, form)


def duplicates(request: Asked) -> HttpResponse:
    """疑似重复的公司, the likeliest first."""
    require(request.user, "company.edit")
    rows = Twins.objects.open().visible_to(request.user).select_related("one", "other")
    page = sheet(request, rows, TWIN_ORDER)
    told = [(row, [REASONS[reason] for reason in row.reasons if reason in REASONS]) for row in page.rows]
    return render(request, "companies/duplicates.html", {"sheet": page, "rows": told, "total": rows.count()})


@require_POST
def find(request: Asked) -> HttpResponse:
    """重新查找."""
    require(request.user, "company.edit")
    if Company.objects.count() <= AT_ONCE:
        messages.success(request, _("已重新查找，疑似重复 %(n)s 对") % {"n": twins.find()})
    else:
        find_twins.enqueue()
        messages.success(request, _("公司较多，正在后台查找，稍后刷新可见"))
    return redirect("companies:duplicates")


@require_POST
def apart(request: Asked, pk: int) -> HttpResponse:
    """不是同一家."""
    require(request.user, "company.edit")
    pair = get_object_or_404(Twins.objects.visible_to(request.user).select_related("one", "other"), pk=pk)
    twins.tell_apart(pair, by=request.user, why=request.POST.get("why", ""))
    messages.success(request, _("已记下，不再提示这两家"))
    return redirect("companies:duplicates")


def _found(request: Asked, kept: Company) -> list[Company]:
    """Return the companies among which the other one is chosen: by the words typed, else those that may be the same."""
    words, visible = request.GET.get("q", "").strip()[:100], Company.objects.visible_to(request.user)
    rows = visible.filter(is_ours=kept.is_ours).exclude(pk=kept.pk)
    if words:
        return list(rows.holding(words, request.user)[:FOUND])
    pairs = Twins.objects.open()
    alike = Q(pk__in=pairs.filter(one=kept).values("other")) | Q(pk__in=pairs.filter(other=kept).values("one"))
    return list(rows.filter(alike)[:FOUND])


def _merge_of(request: Asked, uid: UUID) -> Merge:
    found: Merge = get_object_or_404(
        Merge.objects.visible_to(request.user).select_related("kept", "gone", "by", "undoing__by"), uid=uid
    )
    return found


def _merge(request: Asked, merge: Merge, form: UndoingForm, refusal: Refused | None = None) -> HttpResponse:
    undone = merge.undone
    shown = {
        "merge": merge,
        "undone": undone,
        "is_moving": (undone.finished_at if undone else merge.finished_at) is None,
        "counts": _told(merge.moved()) if reach(request.user, "contract.read").everything else [],
        "may_undo": may(request.user, "company.edit") and not undone,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "companies/merge.html", shown, status=409 if refusal else 200)


def _carried_on(request: Asked, merge: Merge, words: str) -> HttpResponse:
    if merges.carry_on(merge, by=request.user, seconds=PATIENCE):
        messages.success(request, words)
    else:
        carry_on_merges.enqueue()
        messages.success(request, _("合同较多，正在后台移动；可以离开，稍后再看"))
    return redirect("companies:merge", merge.uid)


def _told(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(word, counts[kind]) for kind, word in KINDS.items() if counts.get(kind)]
