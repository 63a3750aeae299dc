"""离线安装包: the archive is the same from the same sources, and its installer refuses what cannot work.

The whole trial (install, serve, read a scan, all without a network) runs where ``make bundle`` has left an archive.
"""

import hashlib
import importlib.util
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
from typing import Any

import pytest

from qidang.tests import code

MADE = sorted((code.ROOT / "build").glob(f"qidang-*{platform.machine()}-*.tar"))


def tool() -> Any:
    """Return ``tools/bundle.py`` as a module."""
    described = importlib.util.spec_from_file_location("bundle", code.ROOT / "tools" / "bundle.py")
    assert described and described.loader
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.fixture
def unpacked(tmp_path: pathlib.Path) -> pathlib.Path:
    """A bundle of nothing but the installer and one file."""
    bundle = tool()
    folder = tmp_path / "bundle"
    shutil.copytree(code.ROOT / "tools" / "bundled", folder)
    (folder / "wanted.env").write_text(bundle.wanted([], platform.machine(), "0.0.0"))
    (folder / "something").write_text("something")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in ("something",)]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def install(folder: pathlib.Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installer of ``folder``."""
    command = ["bash", str(folder / "install.sh"), str(folder.parent / "target")]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_the_same_contents_make_the_same_archive(tmp_path: pathlib.Path) -> None:
    bundle = tool()
    held = {"b": b"two", "a.sh": b"one"}
    one, two = tmp_path / "one" / "x.tar", tmp_path / "two" / "x.tar"
    for target, names in ((one, ["b", "a.sh"]), (two, ["a.sh", "b"])):
        target.parent.mkdir()
        bundle.pack({name: held[name] for name in names}, target)
    assert one.read_bytes() == two.read_bytes()
    with tarfile.open(one) as archive:
        told = [(entry.name, entry.mode, entry.mtime, entry.uid) for entry in archive]
    assert told == [("x/a.sh", 0o755, bundle.MOMENT, 0), ("x/b", 0o644, bundle.MOMENT, 0)]


def test_the_product_goes_along_without_its_tests_and_without_anything_private() -> None:
    names = [path.as_posix() for path in tool().product()]
    assert "qidang/settings.py" in names
    assert "qidang/web/templates/404.html" in names
    assert "docs/operate/offline.md" in names
    assert [name for name in names if "/tests/" in name or name.endswith((".key", ".pyc", "conftest.py"))] == []


def test_wheels_are_pinned_by_their_digest_and_tell_which_glibc_they_need(tmp_path: pathlib.Path) -> None:
    bundle = tool()
    old = tmp_path / "lxml-6.1.3-cp313-cp313-manylinux2014_x86_64.manylinux_2_28_x86_64.whl"
    new = tmp_path / "numpy-2.5.5-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"
    for wheel in (old, new):
        wheel.write_bytes(b"wheel")
    assert bundle.pinned([new, old]).splitlines()[0] == f"lxml==6.1.3 --hash=sha256:{bundle.digest(b'wheel')}"
    assert bundle.oldest_glibc([old]) == 17
    assert bundle.oldest_glibc([old, new]) == 27


def test_a_changed_file_is_refused_before_anything_is_written(unpacked: pathlib.Path) -> None:
    (unpacked / "something").write_text("changed")
    done = install(unpacked)
    assert done.returncode == 1
    assert "校验值" in done.stderr
    assert not (unpacked.parent / "target").exists()


@pytest.mark.parametrize(("line", "word"), [("MACHINE=mips", "mips"), ("GLIBC=2.999", "glibc 2.999")])
def test_a_machine_that_it_was_not_made_for_is_refused(unpacked: pathlib.Path, line: str, word: str) -> None:
    with (unpacked / "wanted.env").open("a") as wanted:
        wanted.write(line + "\n")
    done = install(unpacked)
    assert done.returncode == 1
    assert word in done.stderr


def test_a_machine_without_the_right_python_is_told_how_to_name_one(unpacked: pathlib.Path) -> None:
    with (unpacked / "wanted.env").open("a") as wanted:
        wanted.write("PYTHON_VERSION=3.99\n")
    done = install(unpacked)
    assert done.returncode == 1
    assert "PYTHON=" in done.stderr


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the trial has a home of its own: once is enough")
@pytest.mark.skipif(not MADE, reason="slow; make bundle first")
def test_it_installs_serves_and_reads_without_a_network(tmp_path: pathlib.Path) -> None:
    command = [sys.executable, str(code.ROOT / "tools" / "try_bundle.py"), str(MADE[-1]), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "installed, served and verified" in done.stdout
