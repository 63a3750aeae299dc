"""误传清除, killed in the middle with kill -9: the next start ends it, whatever was written by then."""

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

from qidang.cast import make_cast
from qidang.intake import clearing as act
from qidang.intake.models import Arrival, Clearing, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.vault import disk, erasures, keys

PAYROLL = b"a payroll list\n" * 20
MOMENTS = {
    "before the decision is committed": "from qidang.intake import clearing; clearing._order = die",
    "after the decision": "from qidang.vault import shredding; shredding.append = die",
    "after the line of the list": "from qidang.vault import shredding; shredding.forget_derived = die",
    "with the key overwritten": "pathlib.Path.unlink = die",
    "after the bytes": "from qidang.vault import disk; disk.fsync_folder = die",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_start_ends_it(fresh_database: str, tmp_path: pathlib.Path, settings: object, moment: str) -> None:
    settings.HOME, settings.KEY_FILE = tmp_path / "home", tmp_path / "key"  # type: ignore[attr-defined]
    settings.CLEARED_FILE = ""  # type: ignore[attr-defined]
    keys.forget()
    keys.create(tmp_path / "key")
    cast = make_cast()
    (arrival,) = receive(open_batch("upload", by=cast.salesperson), [keep(PAYROLL, "p.txt")], by=cast.salesperson)
    asked = act.ask(arrival, why="误传", by=cast.salesperson)
    script = f"""
        import os, pathlib
        import django
        django.setup()
        def die(*_, **__):
            os.kill(os.getpid(), 9)
        {MOMENTS[moment]}
        from qidang.accounts.models import User
        from qidang.intake.clearing import decide
        from qidang.intake.models import Clearing
        decide(Clearing.objects.get(), agrees=True, by=User.objects.get(username="archivist"))
    """
    given = {"DATABASE_URL": fresh_database, "QIDANG_HOME": str(tmp_path / "home")}
    given |= {"QIDANG_KEY_FILE": str(tmp_path / "key"), "DJANGO_SETTINGS_MODULE": "qidang.settings"}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=os.environ | given, check=False)
    assert done.returncode == -9
    act.apply_list()
    asked = Clearing.objects.get()
    if moment == "before the decision is committed":
        assert asked.decided_at is None
        assert disk.storage().exists(arrival.sha256)
    else:
        assert Arrival.objects.get().state == State.CLEARED
        assert not disk.storage().exists(arrival.sha256)
        assert set(erasures.read().lines) == {arrival.sha256}
    keys.forget()
