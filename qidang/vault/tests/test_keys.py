"""库钥: where it must be, who may read it, and that a home never gets a second one."""

import os
import pathlib
from typing import Any

import pytest

from qidang import vault
from qidang.kit.refusal import Refused
from qidang.vault import keys
from qidang.vault.models import Blob, KeyCheck


def test_a_new_home_is_given_a_key_that_nobody_else_can_read(
    db: None, home: pathlib.Path, settings: Any, tmp_path: pathlib.Path
) -> None:
    settings.KEY_FILE = tmp_path / "etc" / "qidang" / "key"
    vault.prepare()
    assert settings.KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert len(settings.KEY_FILE.read_bytes()) == 32
    before = keys.master()
    vault.prepare()
    assert keys.master() == before
    assert [row.fingerprint for row in KeyCheck.objects.all()] == [keys.fingerprint()]
    assert [path.name for path in settings.KEY_FILE.parent.iterdir()] == ["key"]


def test_a_missing_key_is_refused_on_use(home: pathlib.Path, settings: Any) -> None:
    settings.KEY_FILE.unlink()
    for act in (lambda: vault.put(b"x"), keys.master, lambda: keys.subkey("fields")):
        with pytest.raises(Refused, match=r"vault\.key_missing"):
            act()


@pytest.mark.parametrize("trace", ["remembered", "objects", "database row", "database fingerprint"])
def test_a_home_with_data_never_gets_a_new_key(db: None, home: pathlib.Path, settings: Any, trace: str) -> None:
    if trace == "remembered":
        vault.prepare()
        KeyCheck.objects.all().delete()
    elif trace == "objects":
        vault.put(b"data")
    elif trace == "database row":
        Blob.objects.create(sha256="a" * 64, size=1)
    else:
        KeyCheck.objects.create(fingerprint="0" * 16)
    settings.KEY_FILE.unlink()
    with pytest.raises(Refused) as refusal:
        vault.prepare()
    assert refusal.value.code == "vault.key_missing"
    assert str(settings.KEY_FILE) in refusal.value.message
    assert not settings.KEY_FILE.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o620])
def test_a_key_that_others_can_read_is_refused(home: pathlib.Path, settings: Any, mode: int) -> None:
    settings.KEY_FILE.chmod(mode)
    with pytest.raises(Refused, match=f"{mode:04o}") as refusal:
        vault.put(b"x")
    assert refusal.value.code == "vault.key_readable"
    assert "chmod 600" in refusal.value.next_step


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_the_wrong_length_is_refused(home: pathlib.Path, settings: Any, length: int) -> None:
    settings.KEY_FILE.write_bytes(os.urandom(length))
    with pytest.raises(Refused, match=r"vault\.key_malformed"):
        keys.master()


def test_a_folder_in_the_place_of_the_key_is_refused(home: pathlib.Path, settings: Any) -> None:
    settings.KEY_FILE.unlink()
    settings.KEY_FILE.mkdir()
    with pytest.raises(Refused, match=r"vault\.key_unreadable"):
        keys.master()


@pytest.mark.parametrize("trace", ["home", "database"])
def test_the_key_of_another_home_is_refused_before_anything_is_written_with_it(
    db: None, home: pathlib.Path, settings: Any, trace: str
) -> None:
    vault.prepare()
    if trace == "home":
        KeyCheck.objects.all().delete()
    else:
        (home / "key-check").unlink()
    settings.KEY_FILE.unlink()
    keys.create(settings.KEY_FILE)
    with pytest.raises(Refused, match=r"vault\.wrong_key"):
        vault.prepare()
    if trace == "home":
        with pytest.raises(Refused, match=r"vault\.wrong_key"):
            vault.put(b"x")


def test_a_key_that_is_there_is_never_written_over(home: pathlib.Path, settings: Any) -> None:
    before = settings.KEY_FILE.read_bytes()
    keys.create(settings.KEY_FILE)
    assert settings.KEY_FILE.read_bytes() == before


def test_each_purpose_has_a_key_of_its_own(home: pathlib.Path) -> None:
    drawn = {keys.subkey(purpose) for purpose in ("blobs", "derived", "fields", "blind index", "fingerprint")}
    assert len(drawn) == 5 and keys.master() not in drawn
