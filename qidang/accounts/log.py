"""操作日志 as one person may see it."""

from django.db.models import QuerySet

from qidang.accounts.models import User
from qidang.accounts.scopes import reach
from qidang.ledger.models import Entry


def visible_entries(user: User) -> QuerySet[Entry]:
    """Return the entries of both chains that ``user`` may see: his own acts, and by ``ledger.read`` those of others.

    A narrower scope of ``ledger.read`` shows the acts of the people it reaches.
    """
    reached = reach(user, "ledger.read")
    if reached.everything:
        return Entry.objects.all()
    if not reached:
        return Entry.objects.filter(actor_uid=user.uid)
    people = User.objects.filter(reached.condition(owner="pk", department="department"))
    return Entry.objects.filter(actor_uid__in=people.values("uid"))
