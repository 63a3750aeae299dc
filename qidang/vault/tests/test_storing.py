"""存入与取出: bytes come back as they were, or it is said that they do not."""

import errno
import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest

from qidang import vault
from qidang.kit.refusal import Refused
from qidang.vault import disk, keys

SIZES = [0, 1, 55, 100_000, 1_048_575, 1_048_576, 1_048_577, 3_000_000]


def objects(home: pathlib.Path) -> list[pathlib.Path]:
    """Return all files of the vault, finished or not."""
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_as_they_were(home: pathlib.Path, size: int) -> None:
    data = os.urandom(size)
    stored = vault.put(data)
    assert (stored.sha256, stored.size) == (hashlib.sha256(data).hexdigest(), size)
    assert vault.read(stored) == data
    vault.check(stored)


def test_streams_and_paths_are_taken_too(home: pathlib.Path, tmp_path: pathlib.Path) -> None:
    data = os.urandom(2_500_000)
    (tmp_path / "paper").write_bytes(data)
    assert vault.put(io.BytesIO(data)) == vault.put(tmp_path / "paper") == vault.put(data)
    assert len(objects(home)) == 1


def test_a_stream_is_read_in_pieces(home: pathlib.Path) -> None:
    data = os.urandom(2_500_000)
    with vault.open(vault.put(data)) as stream:
        pieces = list(iter(lambda: stream.read(4096), b""))
    assert b"".join(pieces) == data
    with vault.open(vault.put(b"line one\nline two\n")) as stream:
        assert list(io.BufferedReader(stream)) == [b"line one\n", b"line two\n"]  # type: ignore[type-var]


def test_nothing_of_the_bytes_can_be_read_on_the_disk(home: pathlib.Path) -> None:
    vault.put(b"Party A: a very secret name " * 100)
    [path] = objects(home)
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_every_object_has_a_key_of_its_own(home: pathlib.Path) -> None:
    stored = vault.put(b"the same")
    first = objects(home)[0].read_bytes()
    vault.put(b"the same")
    assert objects(home)[0].read_bytes() != first
    assert vault.read(stored) == b"the same"


@pytest.mark.parametrize("at", [0, 5, 20, 60, 90, 700_000, 1_500_000, -1])
def test_one_changed_byte_is_named(home: pathlib.Path, at: int) -> None:
    stored = vault.put(os.urandom(2_000_000))
    [path] = objects(home)
    sealed = bytearray(path.read_bytes())
    sealed[at] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(Refused, match=stored.sha256) as refusal:
        vault.read(stored)
    assert refusal.value.code == "vault.corrupt"


@pytest.mark.parametrize("keep", [0, 3, 40, 52, 100, 1_048_576, 1_048_628, 1_999_000])
def test_a_shortened_object_is_named(home: pathlib.Path, keep: int) -> None:
    stored = vault.put(os.urandom(2_000_000))
    [path] = objects(home)
    os.truncate(path, keep)
    with pytest.raises(Refused, match=r"vault\.corrupt"):
        vault.read(stored)


def test_one_object_in_the_place_of_another_is_named(home: pathlib.Path) -> None:
    one, two = vault.put(b"one"), vault.put(b"two")
    files = {path.name: path for path in objects(home)}
    shutil.copy(files[one.sha256], files[two.sha256])
    with pytest.raises(Refused, match=r"vault\.corrupt"):
        vault.read(two)
    with vault.open(two) as stream, pytest.raises(Refused, match=r"vault\.corrupt"):
        stream.read(3)  # said with the last bytes, not only after them


def test_a_missing_object_is_named(home: pathlib.Path) -> None:
    stored = vault.put(b"here")
    objects(home)[0].unlink()
    with pytest.raises(Refused, match=stored.sha256) as refusal:
        vault.open(stored)
    assert refusal.value.code == "vault.missing"
    assert "备份" in refusal.value.next_step


def test_storing_the_same_bytes_again_repairs_a_damaged_object(home: pathlib.Path) -> None:
    stored = vault.put(b"precious")
    objects(home)[0].write_bytes(b"rubbish")
    vault.put(b"precious")
    assert vault.read(stored) == b"precious"


def test_many_at_once_putting_the_same_bytes_keep_one_object(home: pathlib.Path) -> None:
    data = os.urandom(1_500_000)
    start = threading.Barrier(8)
    answers = []

    def put() -> None:
        start.wait()
        answers.append(vault.put(data))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1 and len(answers) == 8
    assert len(objects(home)) == 1
    assert vault.read(answers[0]) == data


class Breaking(io.RawIOBase):
    """A source whose connection breaks after the first megabyte."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        if self.reads > 1:
            raise ConnectionResetError("the other side is gone")
        return b"x" * size


def test_a_broken_source_leaves_nothing(home: pathlib.Path) -> None:
    with pytest.raises(Refused, match="the other side is gone") as refusal:
        vault.put(Breaking())  # type: ignore[arg-type]
    assert refusal.value.code == "vault.source_failed"
    with pytest.raises(Refused, match=r"vault\.source_failed"):
        vault.put(home / "no such file")
    assert objects(home) == []


def test_a_full_disk_is_said_and_leaves_nothing(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    class Full:
        """A file on a disk with room for one megabyte."""

        def __init__(self, file: Any) -> None:
            self.file = file
            self.left = 1_000_000

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *error: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            self.left -= len(data)
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            written: int = self.file.write(data)
            return written

        def fileno(self) -> int:
            number: int = self.file.fileno()
            return number

    monkeypatch.setattr(os, "fdopen", lambda *args, **kwargs: Full(real(*args, **kwargs)))
    with pytest.raises(Refused, match="磁盘已满") as refusal:
        vault.put(os.urandom(3_000_000))
    assert refusal.value.code == "vault.disk_full"
    assert objects(home) == []


@pytest.fixture
def small_disk(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A real file system of 1 MB; only who may mount has one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    ).returncode:
        pytest.skip("mounting a tmpfs is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_really_full_disk_is_said_and_leaves_nothing(
    home: pathlib.Path, small_disk: pathlib.Path, settings: Any
) -> None:
    settings.HOME = small_disk
    first = vault.put(os.urandom(300_000))
    for source in (os.urandom(900_000), os.urandom(5_000_000)):
        with pytest.raises(Refused, match=r"vault\.disk_full"):
            vault.put(source)
    with pytest.raises(Refused, match=r"vault\.disk_full"):
        vault.derive(first.sha256, "text", "1", os.urandom(900_000))
    assert len(objects(small_disk)) == 1
    vault.check(first)


def test_a_folder_that_cannot_be_written_is_said(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", denied)
    with pytest.raises(Refused, match="Permission denied") as refusal:
        vault.put(b"x")
    assert refusal.value.code == "vault.disk_failed"


def test_the_folder_is_synced_after_the_file_has_its_name(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.put(b"first")
    steps = []
    monkeypatch.setattr(os, "fsync", lambda number: steps.append("fsync"))
    real = pathlib.Path.replace

    def replace(path: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
        steps.append("rename")
        return real(path, target)

    monkeypatch.setattr(pathlib.Path, "replace", replace)
    vault.put(b"first")
    assert steps == ["fsync", "rename", "fsync"]


def test_what_is_derived_comes_back_or_is_gone(home: pathlib.Path) -> None:
    sha256 = vault.put(b"paper").sha256
    vault.derive(sha256, "text", "2.1/zh", b"words")
    vault.derive(sha256, "fields", "2.1/zh", b"{}")
    assert vault.derived(sha256, "text", "2.1/zh") == b"words"
    assert vault.derived(sha256, "text", "2.2/zh") is None
    [path] = (home / "derived").rglob("*.text.*")
    assert b"words" not in path.read_bytes()
    *kept, last = path.read_bytes()
    path.write_bytes(bytes([*kept, last ^ 1]))
    assert vault.derived(sha256, "text", "2.1/zh") is None
    assert vault.forget_derived(sha256, "2.2/zh") == 0
    assert vault.forget_derived(sha256) == 2
    vault.derive(sha256, "text", "3", b"again")
    assert vault.forget_derived(sha256, "3") == 1
    vault.derive(sha256, "text", "3", b"again")
    vault.forget_all_derived()
    assert vault.derived(sha256, "text", "3") is None


def test_a_derived_file_put_under_another_name_is_not_believed(home: pathlib.Path) -> None:
    vault.derive("a" * 64, "text", "1", b"words of a")
    vault.derive("a" * 64, "text", "2", b"later words of a")
    one, two = sorted((home / "derived").rglob("a*.text.*"))
    shutil.copy(one, two)
    assert vault.derived("a" * 64, "text", "2") is None


def test_the_key_of_another_home_opens_nothing(home: pathlib.Path, settings: Any, tmp_path: pathlib.Path) -> None:
    stored = vault.put(b"ours")
    vault.derive(stored.sha256, "text", "1", b"words")
    settings.KEY_FILE = tmp_path / "other.key"
    keys.create(settings.KEY_FILE)
    with pytest.raises(Refused, match=r"vault\.corrupt"):
        vault.read(stored)
    assert vault.derived(stored.sha256, "text", "1") is None


def test_any_storage_of_the_same_interface_will_do(home: pathlib.Path) -> None:
    stored = vault.put(b"listed")
    [held] = disk.storage().list()
    assert held.name == stored.sha256 and disk.storage().exists(held.name)
    stream: BinaryIO = disk.storage().open(held.name)
    with stream:
        assert len(stream.read()) == held.size
    disk.storage().shred(held.name)
    disk.storage().shred(held.name)
    assert not disk.storage().exists(held.name)
