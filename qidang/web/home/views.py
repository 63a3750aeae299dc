"""首页: what waits for whom, and the small answers that every page asks for."""

from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may
from qidang.approvals.asking import asked_of
from qidang.holdings.awaiting import awaiting_filing
from qidang.intake.duplicates import open_duplicates
from qidang.intake.models import Arrival, Clearing, Isolation
from qidang.kit.amounts import in_words, parse_amount
from qidang.web.answers import Asked
from qidang.web.home.blocks import blocks


def page(request: Asked) -> HttpResponse:
    """首页, by what the person may do."""
    waiting = list(blocks(request.user))
    shown = {
        "greeting": _("%(name)s，今天要办的事") % {"name": request.user.name},
        "blocks": waiting,
        "total": sum(block.count for block in waiting),
        "may_upload": may(request.user, "intake.upload"),
        "may_register": may(request.user, "contract.create"),
    }
    return render(request, "home/page.html", shown)


def counts(request: Asked) -> JsonResponse:
    """待办数: the numbers beside what waits; the page asks for them after it is shown."""
    user, waiting = request.user, {"to_decide": asked_of(request.user).count()}
    if may(user, "intake.review"):
        waiting["to_review"] = Arrival.objects.visible_to(user).to_review().count()
        waiting["duplicates"] = open_duplicates(user).count()
    if may(user, "secrets.handle"):
        waiting["isolated"] = Isolation.objects.visible_to(user).to_deal_with().count()
    if may(user, "intake.clear") or may(user, "secrets.handle"):
        waiting["clearings"] = Clearing.objects.decidable_by(user).count()
    if may(user, "record.file"):
        waiting["to_file"] = awaiting_filing(user).count()
    return JsonResponse(waiting | {"todo": sum(waiting.values())})


def words(request: Asked) -> HttpResponse:
    """大写金额 of what is being typed, as plain text."""
    amount = parse_amount(request.GET.get("amount", ""))
    said = in_words(amount) if amount is not None and abs(amount) < 10**16 else ""
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def find(request: Asked) -> HttpResponse:
    """The one search box: the whole text for who may search it, else the register."""
    asked = request.GET.get("q", "").strip()
    if may(request.user, "search.use"):
        return redirect(f"{reverse('search:page')}?{urlencode({'q': asked})}")
    return redirect(f"{reverse('contracts:register')}?{urlencode({'text': asked})}")
