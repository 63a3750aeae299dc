"""权限 in search: which terms a person's reach amounts to, and what is hidden until it is indexed again.

Entries carry whose they are; what a person may reach is worked out at each query, so a changed role, department or
department tree counts at once. A thing whose own place shrank (another owner, department or secrecy) stays out of
hits, totals and facets until the index has caught up with that act.
"""

import json
from collections.abc import Iterable

from qidang.accounts.models import Department, User
from qidang.accounts.scopes import Reach, reach
from qidang.intake.models.batch import takes_in
from qidang.ledger.models import Entry, EntrySubject
from qidang.search.matching import MUST, NOT, SHOULD, Part, any_of, every, silent, term
from qidang.search.papers import ARRIVAL, CONTRACT
from qidang.search.schema import CURSOR

MOST_HIDDEN = 5000  # more acts than these wait: those of limited reach are asked to wait too
PLACING = {"owner", "department", "unit", "secrecy", "owner_id", "department_id", "unit_id"}
EDITS = {"contract.edited", "contract.corrected"}
LEAVING = {
    "contract.withdrawn",
    "document.moved",
    "arrival.registered",
    "arrival.attached",
    "arrival.withdrawn",
    "arrival.retried",
    "arrival.kept_as_copy",
    "arrival.took_over",
    "arrival.cleared",
    "arrival.cleared_again",
}


def filter_for(user: User) -> list[Part]:
    """Return the parts of a question that limit it to contracts within ``user``'s reach and arrivals in hand."""
    contracts, arrivals = reach(user, "contract.read"), reach(user, "intake.review")
    taken = {f"t:{user.pk}"} if takes_in(user) else set()
    in_hand = any_of("rights", sorted({*taken, *_terms(arrivals, "t", "v")}))
    if contracts.everything:  # say what is excluded, which is little, not what is allowed
        others = [] if arrivals.everything else [(NOT, every([(MUST, term("kind", ARRIVAL)), (NOT, in_hand)]))]
        return [(NOT, term("kind", CURSOR)), *others]
    within = any_of("rights", _terms(contracts, "o", "d"))
    waiting = silent(term("kind", ARRIVAL)) if arrivals.everything else in_hand
    return [(MUST, every([(SHOULD, within), (SHOULD, waiting)]))]


def sees_everything(user: User) -> bool:
    """Return whether nothing in the index is hidden from ``user``."""
    return reach(user, "contract.read").everything and reach(user, "intake.review").everything


def _terms(span: Reach, owner: str, department: str) -> list[str]:
    if span.everything:
        return []
    own = [f"{owner}:{span.user_id}"] if span.own else []
    keys: Iterable[int] = span.department_ids
    if span.paths:
        keys = {*keys, *Department.objects.under(*span.paths).values_list("pk", flat=True)}
    return [*own, *(f"{department}:{key}" for key in keys)]


def hidden(position: int) -> list[str] | None:
    """Return the uids that acts after ``position`` may have taken from someone; None where they are too many."""
    waiting = Entry.objects.after(position).select_related("details").prefetch_related("subjects")
    entries = list(waiting.filter(act__in={*EDITS, *LEAVING})[: MOST_HIDDEN + 1])
    if len(entries) > MOST_HIDDEN:
        return None
    return sorted({str(subject.uid) for entry in entries if _shrinks(entry) for subject in _leaving(entry)})


def _leaving(entry: Entry) -> list[EntrySubject]:
    kind = ARRIVAL if entry.act.startswith("arrival.") else CONTRACT
    return [subject for subject in entry.subjects.all() if subject.kind == kind]


def _shrinks(entry: Entry) -> bool:
    """An edit shrinks a contract's circle where it moves it; erased details may have said so."""
    if entry.act not in EDITS:
        return True
    try:
        return not PLACING.isdisjoint(json.loads(entry.details.body).get("fields", PLACING))
    except (AttributeError, ValueError, Entry.details.RelatedObjectDoesNotExist):
        return True


def without(uids: list[str]) -> list[Part]:
    """Return the parts of a question that leave out the hidden."""
    return [(NOT, any_of("uid", uids))] if uids else []
