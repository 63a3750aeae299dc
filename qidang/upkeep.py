"""整理: what grows by itself and nobody needs any more is cleared away at night."""

from django.core.management import call_command
from django.db import connection
from django.tasks import task

from qidang.intake import clearing
from qidang.intake.uploads import forget_stale
from qidang.search.following import rewrite_after_clearing


@task
def tidy() -> None:
    """整理: forget finished tasks after a day, sessions that have ended, broken-off uploads, and what was cleared."""
    call_command("ox_prune", older_than="1d", verbosity=0)
    call_command("clearsessions", verbosity=0)
    forget_stale()
    clearing.finish(thoroughly=True)
    rewrite_after_clearing()
    _look_at_the_tables()


def _look_at_the_tables() -> None:
    """Let SQLite look at tables that grew, so that it goes on choosing the right index; PostgreSQL does it itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("PRAGMA optimize")
