"""监视文件夹."""

import os
import pathlib
import time

import pytest

from qidang.cast import Cast
from qidang.intake.folders import TAKEN, take_in, take_in_all, unwatch, watch
from qidang.intake.models import Arrival, WatchedFolder
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
