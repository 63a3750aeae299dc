"""编号规则: the rules with the number each gives next, the gaps, and numbers made void."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department
from qidang.contracts import numbering, patterns
from qidang.contracts.models import Contract, IssuedNumber, NumberRule
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.numbering.forms import EndForm, RuleForm, VoidNumberForm

VOIDED = 50


def rules(request: Asked) -> HttpResponse:
    """编号规则: all of them, and the form for one more."""
    require(request.user, "numbering.edit")
    form, refusal = RuleForm(request.POST or None, by=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            numbering.add_rule(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("规则已新增，之前的规则到前一天为止"))
    found = NumberRule.objects.filter(unit__in=_units(request)).select_related("unit")
    day = today()
    rows = [(rule, _state(rule), numbering.preview(rule, max(day, rule.from_on))) for rule in found]
    shown = {"rows": rows, "form": form, "refusal": refusal, "example": numbering.DEFAULT_PATTERN}
    return render(request, "numbering/rules.html", shown, status=409 if refusal else 200)


def preview(request: Asked) -> HttpResponse:
    """预览: the number that the rule being typed would give next."""
    require(request.user, "numbering.edit")
    form, words = RuleForm(request.GET, by=request.user), ""
    form.is_valid()
    unit, pattern = form.cleaned_data.get("unit"), form.cleaned_data.get("pattern", "")
    if unit and pattern:
        try:
            patterns.check(pattern)
        except Refused as error:
            words = error.message
        else:
            kind = form.cleaned_data.get("contract_type", "")
            words = numbering.preview(NumberRule(unit=unit, contract_type=kind, pattern=pattern), today())
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def end(request: Asked, pk: int) -> HttpResponse:
    """停用 a rule after a day."""
    require(request.user, "numbering.edit")
    rule = get_object_or_404(NumberRule.objects.select_related("unit"), pk=pk, unit__in=_units(request))
    form, refusal = EndForm(request.POST or None, initial={"on": today()}), None
    if request.method == "POST" and form.is_valid():
        try:
            numbering.end_rule(rule, by=request.user, on=form.cleaned_data["on"])
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("规则已停用"))
    shown = {"rule": rule, "form": form, "refusal": refusal}
    return render(request, "numbering/end.html", shown, status=409 if refusal else 200)


def gaps(request: Asked) -> HttpResponse:
    """断号与作废: what is missing in a unit's year, and what was made void, with the form to void one."""
    require(request.user, "numbering.edit")
    units = list(_units(request))
    unit = next((one for one in units if str(one.uid) == request.GET.get("unit")), units[0] if units else None)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today().year
    titled = Prefetch("contract", Contract.objects.known_to(request.user))
    voided = IssuedNumber.objects.filter(unit=unit, voided_at__isnull=False).select_related("voided_by")
    shown = {
        "units": units,
        "unit": unit,
        "year": year,
        "years": range(today().year, today().year - 8, -1),
        "gaps": numbering.gaps(unit, year) if unit else [],
        "voided": voided.prefetch_related(titled).order_by("-voided_at")[:VOIDED],
        "form": VoidNumberForm(),
    }
    return render(request, "numbering/gaps.html", shown)


@require_POST
def void(request: Asked, uid: UUID) -> HttpResponse:
    """编号作废: never given again."""
    require(request.user, "numbering.edit")
    form = VoidNumberForm(request.POST)
    if form.is_valid():
        wanted = IssuedNumber.objects.select_related("unit", "contract").filter(unit__in=_units(request))
        issued = get_object_or_404(wanted, unit__uid=uid, number=form.cleaned_data["number"].strip())
        numbering.void_number(issued, by=request.user, why=form.cleaned_data["why"])
        messages.success(request, _("编号 %(number)s 已作废") % {"number": issued.number})
    return redirect("numbering:gaps")


def _units(request: Asked) -> QuerySet[Department]:
    return Department.objects.visible_to(request.user).units()


def _state(rule: NumberRule) -> tuple[str, str]:
    if rule.to_on and rule.to_on < today():
        return "idle", _("已停用")
    return ("busy", _("未起用")) if rule.from_on > today() else ("done", _("在用"))


def _done(request: Asked, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("numbering:rules")
