"""编号冲突 side by side, and 补号 for a selection of the register."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import may, require
from qidang.contracts.giving_numbers import give_many, preview_many
from qidang.contracts.models import Contract, NumberClash
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.contracts.views import found
from qidang.web.forms import QuietForm

MOST = 200  # in one go; a page of the register holds 50
Verdict = NumberClash.Verdict


class VerdictForm(QuietForm):
    """认定: whether the two are one contract, and by what one knows."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("认定"),
        choices=[(one.value, one.label) for one in (Verdict.OTHER, Verdict.SAME)],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=gettext_lazy("认定依据"), max_length=500)


def clashes(request: Asked, uid: UUID) -> HttpResponse:
    """编号冲突: the contracts that bear its number beside it, and what was found out of each."""
    contract, refusal, form = found(request, uid), None, None
    if request.method == "POST":
        clash = get_object_or_404(_seen(request, contract), uid=parse_uid(request.POST.get("clash", "")))
        form = VerdictForm(request.POST, auto_id=f"{clash.uid}_%s")
        if form.is_valid():
            try:
                clash.decide(form.cleaned_data["verdict"], why=form.cleaned_data["why"], by=request.user)
            except Refused as error:
                refusal = error
            else:
                messages.success(request, _("已认定"))
                return redirect("contracts:clashes", uid)
    shown = _shown(request, contract) | {"form": form, "refusal": refusal}
    return render(request, "contracts/clashes.html", shown, status=409 if refusal else 200)


def give_numbers(request: Asked) -> HttpResponse:
    """批量补号: what is chosen in the register; first what each would get, then, with ``confirm``, the numbers."""
    require(request.user, "contract.edit")
    if request.method != "POST":
        return redirect("contracts:register")
    contracts = _picked(request)
    is_done = "confirm" in request.POST
    outcomes = (give_many if is_done else preview_many)(contracts, by=request.user)
    good = sum(outcome.refusal is None for outcome in outcomes)
    shown = {"outcomes": outcomes, "good": good, "bad": len(outcomes) - good, "is_done": is_done}
    return render(request, "contracts/numbers.html", shown, status=409 if is_done and not good else 200)


def _seen(request: Asked, contract: Contract) -> Any:
    """Return the clashes of ``contract`` whose both sides the person may see."""
    visible = Contract.objects.visible_to(request.user)
    return NumberClash.objects.of(contract).filter(contract__in=visible, rival__in=visible)


def _shown(request: Asked, contract: Contract) -> dict[str, Any]:
    related = [f"{side}__{name}" for side in ("contract", "rival") for name in ("unit", "department", "owner")]
    rows = []
    for clash in _seen(request, contract).select_related(*related, "settled_by__department"):
        other = clash.rival if clash.contract_id == contract.pk else clash.contract
        may_decide = not clash.verdict and all(may(request.user, "contract.edit", one) for one in (contract, other))
        form = VerdictForm(auto_id=f"{clash.uid}_%s") if may_decide else None
        rows.append({"clash": clash, "other": other, "form": form})
    hidden = NumberClash.objects.standing().of(contract).count() - sum(not one["clash"].verdict for one in rows)
    return {
        "contract": contract,
        "rows": rows,
        "hidden": max(hidden, 0),
        "may_edit": may(request.user, "contract.edit", contract),
        "may_merge": may(request.user, "contract.withdraw", contract),
    }


def _picked(request: Asked) -> list[Contract]:
    """Return the chosen contracts that the person may edit, oldest signing first; 404 where there is none."""
    uids = [uid for word in request.POST.getlist("pick")[:MOST] if (uid := parse_uid(word))]
    within = Contract.objects.visible_to(request.user, "contract.edit").filter(uid__in=uids)
    chosen = list(within.select_related("unit", "department", "owner", "parent").order_by("signed_on", "id"))
    if not chosen:
        raise Http404
    return chosen
