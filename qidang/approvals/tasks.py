"""What the worker does for this room; it may run twice."""

from django.tasks import task

from qidang.approvals.mending import mend


@task
def mend_requests() -> None:
    """每分钟: who has left is replaced where he was asked."""
    mend()
