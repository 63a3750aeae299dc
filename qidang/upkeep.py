"""整理: what grows by itself and nobody needs any more is cleared away at night."""

from django.core.management import call_command
from django.tasks import task


@task
def tidy() -> None:
    """整理: forget finished tasks after a day, and sessions that have ended."""
    call_command("ox_prune", older_than="1d", verbosity=0)
    call_command("clearsessions", verbosity=0)
