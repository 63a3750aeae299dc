"""What the worker does for this room; each task may run twice."""

from django.tasks import task

from qidang.accounts.models import User
from qidang.contracts import customer_sheets, merging, twins
from qidang.contracts.settling import settle_statuses
from qidang.kit import clock

SECONDS = 20.0  # of one merge at a time


@task
def settle() -> None:
    """每日: contracts that ended or came into force get their status."""
    settle_statuses(clock.today(), by=User.objects.system())


@task
def carry_on_merges() -> None:
    """每分钟: contracts of merged companies that have not followed yet do so."""
    merging.carry_on_all(by=User.objects.system(), seconds=SECONDS)


@task
def carry_on_customer_sheets() -> None:
    """每分钟: rows of sheets of customers that wait to be taken in, or back, are."""
    customer_sheets.carry_on_all(seconds=SECONDS)


@task
def find_twins() -> None:
    """每夜: companies that may be one are found anew."""
    twins.find()
