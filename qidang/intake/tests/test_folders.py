"""监视文件夹."""

import os
import pathlib
import time

import pytest
from django.conf import settings

from qidang.cast import Cast
from qidang.intake.folders import TAKEN, _opened, take_in, take_in_all, unwatch, watch
from qidang.intake.models import Arrival, Batch, WatchedFolder
from qidang.kit.refusal import Refused


def lay(folder: pathlib.Path, name: str, data: bytes = b"x", age: float = 60) -> pathlib.Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (time.time() - age,) * 2)
    return path


@pytest.fixture
def folder(cast: Cast, tmp_path: pathlib.Path) -> WatchedFolder:
    """A watched folder."""
    return watch(str(tmp_path), by=cast.administrator, department=cast.department("sales"))


def test_what_lies_still_is_taken_in_and_moved_aside(folder: WatchedFolder, tmp_path: pathlib.Path) -> None:
    lay(tmp_path, "客户甲/合同.txt")
    batch = take_in(folder)
    assert batch is not None
    assert batch.arrivals.get().path == "客户甲/合同.txt"
    assert not (tmp_path / "客户甲" / "合同.txt").exists()
    assert len(list((tmp_path / TAKEN).rglob("合同.txt"))) == 1


def test_our_own_data_cannot_be_watched(cast: Cast) -> None:
    settings.HOME.mkdir(parents=True, exist_ok=True)
    for path in (settings.HOME, settings.HOME / "blobs", settings.HOME.parent, pathlib.Path("/")):
        with pytest.raises(Refused) as refusal:
            watch(str(path), by=cast.administrator)
        assert refusal.value.code == "intake.folder_ours"


def test_a_link_is_not_followed(folder: WatchedFolder, tmp_path: pathlib.Path) -> None:
    elsewhere = lay(tmp_path / TAKEN, "secret.txt")
    (tmp_path / "合同.txt").symlink_to(elsewhere)
    assert take_in(folder) is None
    with pytest.raises(OSError, match="symbolic links"), _opened(tmp_path / "合同.txt"):
        pass


def test_a_file_that_cannot_be_moved_is_left_lying(
    folder: WatchedFolder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "合同.txt")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(Refused) as refusal:
        take_in(folder)
    assert refusal.value.code == "intake.folder_unreadable"
    assert not Batch.objects.exists()


def test_who_only_names_the_folder_does_not_see_its_papers(cast: Cast, tmp_path: pathlib.Path) -> None:
    folder = watch(str(tmp_path), by=cast.system_officer, department=cast.department("sales"))
    lay(tmp_path, "合同.txt")
    assert take_in(folder)
    assert not Arrival.objects.visible_to(cast.system_officer).exists()
    assert Arrival.objects.visible_to(cast.manager).exists()


def test_a_file_that_still_grows_waits(folder: WatchedFolder, tmp_path: pathlib.Path) -> None:
    lay(tmp_path, "合同.txt", age=0)
    assert take_in(folder) is None
    assert not Arrival.objects.exists()


def test_a_second_file_of_the_same_name_does_not_overwrite_the_first(
    folder: WatchedFolder, tmp_path: pathlib.Path
) -> None:
    for data in (b"one", b"two"):
        lay(tmp_path, "合同.txt", data)
        take_in(folder)
    assert len(list((tmp_path / TAKEN).rglob("合同*.txt"))) == 2


def test_a_folder_that_went_away_is_noted_and_the_others_go_on(
    folder: WatchedFolder, cast: Cast, tmp_path: pathlib.Path
) -> None:
    gone = WatchedFolder.objects.create(path=str(tmp_path / "gone"), by=cast.administrator)
    lay(tmp_path, "合同.txt")
    take_in_all()
    gone.refresh_from_db()
    assert gone.problem == "intake.folder_missing"
    assert Arrival.objects.count() == 1


def test_watching_what_is_no_folder_is_refused(cast: Cast, tmp_path: pathlib.Path) -> None:
    with pytest.raises(Refused) as refusal:
        watch(str(tmp_path / "no"), by=cast.administrator)
    assert refusal.value.code == "intake.folder_missing"


def test_only_who_keeps_the_system_may_watch(cast: Cast, tmp_path: pathlib.Path) -> None:
    with pytest.raises(Refused) as refusal:
        watch(str(tmp_path), by=cast.salesperson)
    assert refusal.value.code == "accounts.not_allowed"


def test_an_unwatched_folder_is_left_alone(folder: WatchedFolder, cast: Cast, tmp_path: pathlib.Path) -> None:
    unwatch(folder, by=cast.administrator)
    lay(tmp_path, "合同.txt")
    take_in_all()
    assert not Arrival.objects.exists()
