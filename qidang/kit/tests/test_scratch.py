"""暂存: a private folder for each process, gone with it."""

import os
import pathlib
import subprocess
import sys

import pytest

PROGRAM = """
import os, pathlib, sys, tempfile
os.umask(0o022)
from qidang.kit.scratch import settle
mine = settle(pathlib.Path(sys.argv[1]))
with tempfile.NamedTemporaryFile(delete=False) as file:
    file.write(b"in clear")
assert pathlib.Path(file.name).parent == mine == pathlib.Path(os.environ["TMPDIR"])
print(mine, flush=True)
if sys.argv[2] == "stay":
    sys.stdin.read()
elif sys.argv[2] == "die":
    os._exit(9)
"""


def start(root: pathlib.Path, how: str) -> "subprocess.Popen[str]":
    """Start a process with a scratch folder in ``root``."""
    command = [sys.executable, "-c", PROGRAM, str(root), how]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def folder_of(process: "subprocess.Popen[str]") -> pathlib.Path:
    """Return the folder that it named."""
    assert process.stdout is not None
    return pathlib.Path(process.stdout.readline().strip())


def test_it_is_for_our_eyes_only_and_gone_at_the_end(tmp_path: pathlib.Path) -> None:
    root = tmp_path / "tmp"
    process = start(root, "stay")
    mine = folder_of(process)
    assert root.stat().st_mode & 0o777 == 0o700
    assert mine.stat().st_mode & 0o777 == 0o700
    process.communicate("", timeout=30)
    assert not mine.exists()


def test_a_folder_that_others_could_read_is_closed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "tmp").mkdir(mode=0o755)
    start(tmp_path / "tmp", "end").communicate(timeout=30)
    assert (tmp_path / "tmp").stat().st_mode & 0o777 == 0o700


def test_what_a_kill_left_is_removed_by_the_next_start_and_nobody_elses(tmp_path: pathlib.Path) -> None:
    killed = start(tmp_path, "die")
    left = folder_of(killed)
    killed.wait(timeout=30)
    working = start(tmp_path, "stay")
    theirs = folder_of(working)
    assert not left.exists()
    start(tmp_path, "end").communicate(timeout=30)
    assert list(theirs.iterdir()) != []
    working.communicate("", timeout=30)
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_leaves_the_folder_to_its_parent(tmp_path: pathlib.Path) -> None:
    program = PROGRAM + "\nif os.fork() == 0:\n    sys.exit(0)\nos.wait()\nassert pathlib.Path(mine).exists()\n"
    command = [sys.executable, "-c", program, str(tmp_path), "end"]
    assert subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
