"""暂存: what is written for a moment in clear (a large form upload, a sheet on its way out) lies where only we look.

Each process has a folder of its own under ``QIDANG_HOME/tmp`` and removes it at its end; what a kill left behind the
next start removes, whoever starts.
"""

import atexit
import os
import pathlib
import shutil
import tempfile
from contextlib import ExitStack

from qidang.kit.single import hold, is_held

LOCK = ".held"  # by the process whose folder it is


def settle(root: pathlib.Path) -> pathlib.Path:
    """Give this process and its children a private folder (0700) in ``root`` for all temporary files; return it."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    root.chmod(0o700)
    with hold(root / "lock", wait=True):  # a folder that is just being made is not taken for one left behind
        _clear_left_behind(root)
        mine = pathlib.Path(tempfile.mkdtemp(dir=root))
        held = ExitStack()
        held.enter_context(hold(mine / LOCK))
    atexit.register(_leave, mine, held, os.getpid())
    os.environ["TMPDIR"] = tempfile.tempdir = str(mine)
    return mine


def _clear_left_behind(root: pathlib.Path) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and not is_held(folder / LOCK):
            shutil.rmtree(folder, ignore_errors=True)


def _leave(mine: pathlib.Path, held: ExitStack, pid: int) -> None:
    """Remove the folder; a forked child that ends leaves its parent's alone."""
    if os.getpid() == pid:
        shutil.rmtree(mine, ignore_errors=True)
        held.close()
