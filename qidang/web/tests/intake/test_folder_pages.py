"""监视文件夹."""

import pathlib

import pytest

from qidang.cast import Cast
from qidang.intake.models import WatchedFolder
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
PAGE = "/intake/folders/"


def test_a_folder_is_watched_and_let_go(cast: Cast, visit: Visit, tmp_path: pathlib.Path) -> None:
    client = visit(cast.administrator)
    place = tmp_path / "扫描仪"
    place.mkdir()
    page = client.post(PAGE, {"path": str(place)}, follow=True).content.decode()
    assert "扫描仪" in page
    assert "监视中" in page
    folder = WatchedFolder.objects.get()
    page = client.post(f"{PAGE}{folder.uid}/end/", follow=True).content.decode()
    assert "已停止" in page
    folder.refresh_from_db()
    assert not folder.is_active


def test_a_folder_that_is_not_there_is_refused_on_the_page(cast: Cast, visit: Visit, tmp_path: pathlib.Path) -> None:
    answer = visit(cast.administrator).post(PAGE, {"path": str(tmp_path / "没有")})
    assert answer.status_code == 409
    assert "intake.folder_missing" in answer.content.decode()


def test_a_folder_in_trouble_says_so(cast: Cast, visit: Visit, tmp_path: pathlib.Path) -> None:
    WatchedFolder.objects.create(path=str(tmp_path / "走了"), by=cast.administrator, problem="intake.folder_missing")
    page = visit(cast.administrator).get(PAGE).content.decode()
    assert "有问题" in page
    assert f"找不到文件夹 {tmp_path / '走了'}" in page


def test_only_who_keeps_the_system_may(cast: Cast, visit: Visit, tmp_path: pathlib.Path) -> None:
    folder = WatchedFolder.objects.create(path=str(tmp_path), by=cast.administrator)
    client = visit(cast.archivist)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"path": str(tmp_path)}).status_code == 403
    assert client.post(f"{PAGE}{folder.uid}/end/").status_code == 403
