"""上传: the page, opening a batch, and the ordinary form of a browser without script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qidang.cast import Cast
from qidang.intake.models import Arrival, Batch, Upload
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import HOSTILE, Arrive

pytestmark = pytest.mark.django_db
PAGE = "/intake/upload/"


def test_without_script_files_arrive_by_an_ordinary_form(cast: Cast, visit: Visit) -> None:
    files = [SimpleUploadedFile("一.txt", b"one"), SimpleUploadedFile("二.txt", b"two")]
    answer = visit(cast.salesperson).post(PAGE, {"files": files, "note": "签回的合同"})
    batch = Batch.objects.get()
    assert answer.headers["Location"] == f"/intake/batches/{batch.uid}/"
    assert batch.note == "签回的合同"
    assert [arrival.filename for arrival in batch.arrivals.all()] == ["一.txt", "二.txt"]


def test_an_empty_file_is_told_and_the_others_arrive(cast: Cast, visit: Visit) -> None:
    files = [SimpleUploadedFile("空.txt", b""), SimpleUploadedFile("二.txt", b"two")]
    page = visit(cast.salesperson).post(PAGE, {"files": files}, follow=True).content.decode()
    assert "「空.txt」是空文件" in page
    assert Arrival.objects.get().filename == "二.txt"
    assert "跳过 1 个杂件或空文件" in page


def test_the_script_opens_a_batch_and_is_told_its_page(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.salesperson).post(PAGE, {"note": ""}, headers={"accept": "application/json"})
    batch = Batch.objects.get()
    assert answer.json() == {"batch": str(batch.uid), "page": f"/intake/batches/{batch.uid}/"}
    assert batch.department == cast.department("sales_east")


def test_what_was_not_finished_is_offered_again(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    batch = arrive().batch
    Upload.objects.create(batch=batch, by=cast.salesperson, filename="大合同.pdf", size=4096, offset=1024)
    Upload.objects.create(batch=batch, by=cast.colleague, filename="别人的.pdf", size=4096, offset=1024)
    page = visit(cast.salesperson).get(PAGE).content.decode()
    assert "大合同.pdf" in page
    assert "别人的.pdf" not in page


def test_who_may_not_upload_is_refused(cast: Cast, visit: Visit) -> None:
    assert visit(cast.lawyer).get(PAGE).status_code == 403
    assert visit(cast.lawyer).post(PAGE, {}).status_code == 403
    assert not Batch.objects.exists()


def test_a_hostile_note_stays_text(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    client.post(PAGE, {"note": HOSTILE})
    for address in (PAGE, "/intake/batches/", f"/intake/batches/{Batch.objects.get().uid}/"):
        page = client.get(address).content.decode()
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page


def test_the_old_address_leads_on(cast: Cast, visit: Visit) -> None:
    assert visit(cast.salesperson).get("/intake/").headers["Location"] == PAGE
