"""持有: rows for the bytes, their holders, and what a crash leaves behind."""

import datetime as dt
import os
import pathlib
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from qidang import vault
from qidang.vault import disk, sweeping
from qidang.vault.models import Blob, Holder
from qidang.vault.storage import Held


@dataclass
class Paper:
    """Something that holds bytes."""

    ledger_kind: str = "version"
    uid: uuid.UUID = field(default_factory=uuid.uuid4)


def age(home: pathlib.Path, **by: float) -> None:
    """Make everything in the vault older."""
    then = (dt.datetime.now(dt.UTC) - dt.timedelta(**by)).timestamp()
    for path in (home / "blobs").rglob("*"):
        os.utime(path, (then, then))


def test_bytes_are_one_row_however_many_hold_them(db: None, home: pathlib.Path) -> None:
    one, two = Paper(), Paper("arrival")
    blob = Blob.objects.keep(vault.put(b"paper"), holder=one)
    assert Blob.objects.keep(vault.put(b"paper"), holder=two) == blob
    blob.held_by(two)
    assert {(holder.kind, holder.uid) for holder in Holder.objects.all()} == {
        ("version", one.uid),
        ("arrival", two.uid),
    }
    assert vault.read(blob) == b"paper"
    assert not Blob.objects.unheld().exists()
    assert Blob.objects.keep(vault.put(b"nobody's")) in Blob.objects.unheld()


def test_an_orphan_is_listed_after_a_day_and_deleted_only_when_asked(db: None, home: pathlib.Path) -> None:
    kept = Blob.objects.keep(vault.put(b"kept"))
    orphan = vault.put(b"orphan")
    assert vault.sweep() == []
    age(home, hours=25)
    assert [held.name for held in vault.sweep()] == [orphan.sha256]
    assert disk.storage().exists(orphan.sha256)
    assert [held.name for held in vault.sweep(delete=True)] == [orphan.sha256]
    assert not disk.storage().exists(orphan.sha256)
    vault.check(kept)


def test_an_old_orphan_that_is_put_again_is_young_again(db: None, home: pathlib.Path) -> None:
    vault.put(b"orphan")
    age(home, hours=25)
    vault.put(b"orphan")
    assert vault.sweep(delete=True) == []


@pytest.mark.parametrize("is_named", [True, False])
def test_bytes_that_come_again_while_the_sweep_looks_are_kept(
    db: None, home: pathlib.Path, monkeypatch: pytest.MonkeyPatch, is_named: bool
) -> None:
    orphan = vault.put(b"orphan")
    age(home, hours=25)
    look = sweeping._unnamed

    def look_slowly(objects: Iterable[Held]) -> Iterator[Held]:
        found = list(look(objects))
        stored = vault.put(b"orphan")  # in this moment somebody brings them, and names them now or soon
        if is_named:
            Blob.objects.keep(stored)
        return iter(found)

    monkeypatch.setattr(sweeping, "_unnamed", look_slowly)
    assert vault.sweep(delete=True) == []
    assert vault.read(orphan) == b"orphan"


def test_what_was_named_meanwhile_is_kept_however_old(
    db: None, home: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = vault.put(b"orphan")
    age(home, hours=25)
    look = sweeping._unnamed

    def look_slowly(objects: Iterable[Held]) -> Iterator[Held]:
        found = list(look(objects))
        Blob.objects.keep(orphan)
        return iter(found)

    monkeypatch.setattr(sweeping, "_unnamed", look_slowly)
    assert vault.sweep(delete=True) == []
    assert vault.read(orphan) == b"orphan"


def test_missing_objects_are_named(db: None, home: pathlib.Path) -> None:
    here, gone = Blob.objects.keep(vault.put(b"here")), Blob.objects.keep(vault.put(b"gone"))
    disk.storage().shred(gone.sha256)
    assert list(vault.missing()) == [gone]
    assert here.sha256 != gone.sha256


@pytest.mark.parametrize("moment", ["in the middle of writing", "between rename and commit"])
def test_a_process_killed_in_the_middle_leaves_at_most_an_orphan(
    db: None, home: pathlib.Path, settings: Any, moment: str
) -> None:
    script = f"""
        import os, pathlib, sys
        import django
        from django.conf import settings
        settings.configure(HOME=pathlib.Path({str(home)!r}), KEY_FILE=pathlib.Path({str(settings.KEY_FILE)!r}))
        from qidang.vault.storing import put
        class Source:
            reads = 0
            def read(self, size):
                self.reads += 1
                if self.reads == 3 and {moment == "in the middle of writing"}:
                    os.kill(os.getpid(), 9)
                return b"x" * size if self.reads < 4 else b""
        put(Source())
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert done.returncode == -9
    age(home, hours=25)
    orphans = vault.sweep()
    assert len(orphans) == (1 if moment == "between rename and commit" else 0)
    assert list((home / "blobs" / "incoming").iterdir()) == []
    for held in orphans:
        vault.check(vault.Stored(held.name, 3 * 1024 * 1024))
