"""Filters of the operation log."""

import datetime as dt
import functools
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qidang.ledger import Entry, EntrySubject, phrases
from qidang.web.fields import DayField
from qidang.web.forms import QuietForm

FIRST, LAST = dt.date(1949, 1, 1), dt.date(9000, 1, 1)  # a zone's midnight must be a moment in UTC, too
CHAINS = [("", _("全部记录")), ("acts", _("操作")), ("reads", _("查阅"))]


def act_choices() -> list[tuple[str, Any]]:
    """Return every act with its words in the active language."""
    return [("", _("全部动作")), *((act, phrases.label(act, get_language() or "zh")) for act in phrases.acts())]


class LogFilter(QuietForm):
    """Who, what, to what, when, from where."""

    q = forms.CharField(label=_("人员或对象"), required=False, max_length=100)
    act = forms.ChoiceField(label=_("动作"), required=False, choices=act_choices)
    chain = forms.ChoiceField(label=_("类别"), required=False, choices=CHAINS)
    since = DayField(label=_("起"))
    until = DayField(label=_("止"))

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the entries that the cleaned filters let through."""
        wanted = self.cleaned_data
        narrowing = [
            functools.partial(_about, wanted["q"]) if wanted["q"] else None,
            functools.partial(_equal, "act", wanted["act"]) if wanted["act"] else None,
            functools.partial(_equal, "chain", wanted["chain"]) if wanted["chain"] else None,
            functools.partial(_equal, "at__gte", _start(wanted["since"])) if wanted["since"] else None,
            functools.partial(_equal, "at__lt", _start(wanted["until"], 1)) if wanted["until"] else None,
        ]
        for step in filter(None, narrowing):
            entries = step(entries)
        return entries


def _about(words: str, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    named = EntrySubject.objects.filter(name__icontains=words).values("entry_id")
    return entries.filter(actor_name__icontains=words) | entries.filter(pk__in=named)


def _equal(name: str, value: Any, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.filter(**{name: value})


def _start(day: dt.date, more: int = 0) -> dt.datetime:
    within = min(max(day, FIRST), LAST)
    return timezone.make_aware(dt.datetime.combine(within + dt.timedelta(days=more), dt.time()))
