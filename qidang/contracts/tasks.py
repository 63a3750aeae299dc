"""What the worker does for this room; each task may run twice."""

from django.tasks import task

from qidang.accounts.models import User
from qidang.contracts.settling import settle_statuses
from qidang.kit import clock


@task
def settle() -> None:
    """每日: contracts that ended or came into force get their status."""
    settle_statuses(clock.today(), by=User.objects.system())
