"""上传的接口: tus 1.0.0 as a browser speaks it."""

import base64
import datetime as dt
import os
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qidang import vault
from qidang.cast import Cast
from qidang.intake.models import Arrival, Batch, Source, Upload
from qidang.intake.receiving import open_batch
from qidang.intake.uploads import LARGEST
from qidang.kit.clock import now
from qidang.vault import pieces
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
DOOR = "/intake/uploads/"
PIECE = "application/offset+octet-stream"


def encoded(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def begun(client: Client, batch: Batch, size: Any, **values: str) -> Any:
    metadata = encoded(**({"filename": "合同.pdf", "batch": str(batch.uid)} | values))
    return client.post(
        DOOR, headers={"upload-length": str(size), "upload-metadata": metadata, "tus-resumable": "1.0.0"}
    )


def sent(client: Client, address: str, offset: Any, data: bytes, kind: str = PIECE) -> Any:
    return client.patch(address, data, content_type=kind, headers={"upload-offset": str(offset)})


@pytest.fixture
def batch(cast: Cast) -> Batch:
    return open_batch(Source.UPLOAD, by=cast.salesperson)


@pytest.fixture
def client(cast: Cast, visit: Visit) -> Client:
    return visit(cast.salesperson)


def test_a_file_comes_in_pieces(client: Client, batch: Batch) -> None:
    data = os.urandom(300_000)
    answer = begun(client, batch, len(data), path="三月/合同.pdf")
    assert answer.status_code == 201
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    address = answer.headers["Location"]
    first = sent(client, address, 0, data[:200_000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "200000")
    asked = client.head(address)
    assert (asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == ("200000", "300000")
    assert asked.headers["Cache-Control"] == "no-store"
    assert sent(client, address, 200_000, data[200_000:]).status_code == 204
    arrival = Arrival.objects.get()
    assert (arrival.filename, arrival.path, arrival.batch) == ("合同.pdf", "三月/合同.pdf", batch)
    assert vault.read(arrival.blob) == data


def test_a_wrong_place_is_refused_with_the_right_one(client: Client, batch: Batch) -> None:
    address = begun(client, batch, 100).headers["Location"]
    sent(client, address, 0, b"x" * 40)
    answer = sent(client, address, 50, b"x" * 50)
    assert answer.status_code == 409
    assert "已收到 40 字节" in answer.content.decode()
    assert client.head(address).headers["Upload-Offset"] == "40"


def test_no_more_is_taken_than_was_told(client: Client, batch: Batch) -> None:
    address = begun(client, batch, 10).headers["Location"]
    assert sent(client, address, 0, b"x" * 25).headers["Upload-Offset"] == "10"
    assert Arrival.objects.get().blob.size == 10
    assert sent(client, address, 10, b"x").status_code == 409


def test_an_upload_belongs_to_who_began_it(cast: Cast, visit: Visit, client: Client, batch: Batch) -> None:
    address = begun(client, batch, 100).headers["Location"]
    other = visit(cast.colleague)
    assert other.head(address).status_code == 404
    assert sent(other, address, 0, b"x").status_code == 404
    assert other.delete(address).status_code == 404
    assert begun(other, batch, 100).status_code == 404  # nor into another's batch
    assert Upload.objects.get().offset == 0


def test_who_is_signed_out_is_told_so_and_not_sent_elsewhere(batch: Batch) -> None:
    answer = begun(Client(), batch, 100)
    assert answer.status_code == 401
    assert "重新登录" in answer.content.decode()


def test_who_may_not_upload_is_refused(cast: Cast, visit: Visit, batch: Batch) -> None:
    answer = begun(visit(cast.lawyer), batch, 100)
    assert answer.status_code == 403
    assert answer.headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize("size", ["", "-5", "many", "1e3", "9" * 20, "１００x"])
def test_an_odd_length_is_no_length(client: Client, batch: Batch, size: str) -> None:
    assert begun(client, batch, size).status_code == 400


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30])
def test_an_odd_offset_is_no_offset(client: Client, batch: Batch, offset: str) -> None:
    address = begun(client, batch, 10).headers["Location"]
    assert sent(client, address, offset, b"x").status_code == 400


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "filename",
        "filename ***",
        "filename 5ZCI5ZCM",
        "batch bm90IGEgdWlk",
        "batch",
        " , ,,",
        "filename ,batch \x00",
    ],
)
def test_odd_metadata_finds_no_batch(client: Client, metadata: str) -> None:
    assert client.post(DOOR, headers={"upload-length": "5", "upload-metadata": metadata}).status_code == 404


def test_what_cannot_be_taken_says_why(client: Client, batch: Batch) -> None:
    assert begun(client, batch, LARGEST + 1).status_code == 413
    assert "空文件" in begun(client, batch, 0).content.decode()
    assert "没有名称" in begun(client, batch, 5, filename="  ").content.decode()
    assert not Upload.objects.exists()


def test_an_odd_name_does_no_harm(client: Client, batch: Batch) -> None:
    for name in ("../../etc/passwd", "a\x00b.pdf", "\\\\server\\合同.pdf", "长" * 400 + ".pdf"):
        address = begun(client, batch, 3, filename=name, path=name).headers["Location"]
        assert sent(client, address, 0, os.urandom(3)).status_code == 204
    names = [arrival.filename for arrival in Arrival.objects.order_by("id")]
    assert names[:3] == ["passwd", "ab.pdf", "合同.pdf"]
    assert len(names[3]) == 255
    assert names[3].endswith(".pdf")


def test_other_kinds_of_body_and_method_are_refused(client: Client, batch: Batch) -> None:
    address = begun(client, batch, 10).headers["Location"]
    assert sent(client, address, 0, b"x", kind="text/plain").status_code == 415
    assert client.put(address).headers["Allow"] == "HEAD, PATCH, DELETE"
    assert client.get(DOOR).status_code == 405
    assert client.options(DOOR).headers["Tus-Extension"] == "creation,termination"


def test_an_upload_is_given_up(client: Client, batch: Batch) -> None:
    address = begun(client, batch, 10).headers["Location"]
    sent(client, address, 0, b"12345")
    assert client.delete(address).status_code == 204
    assert client.head(address).status_code == 404
    done = begun(client, batch, 5).headers["Location"]
    sent(client, done, 0, b"12345")
    assert client.delete(done).status_code == 403  # it has arrived


def test_an_end_that_a_kill_prevented_comes_with_the_next_question(client: Client, batch: Batch) -> None:
    address = begun(client, batch, 5).headers["Location"]
    sent(client, address, 0, b"123")
    upload = Upload.objects.get()
    pieces.settle([pieces.lay(settings.HOME / "incoming" / str(upload.uid), 3, b"45")])
    Upload.objects.filter(pk=upload.pk).update(offset=5, touched_at=now() - dt.timedelta(minutes=1))
    assert client.head(address).headers["Upload-Offset"] == "5"
    assert vault.read(Arrival.objects.get().blob) == b"12345"


def test_a_stranger_uid_is_not_found(client: Client) -> None:
    assert client.head(f"{DOOR}{uuid.uuid4()}/").status_code == 404


def test_a_batch_or_upload_that_is_not_ones_own_is_refused_in_plain_words(cast: Cast, client: Client) -> None:
    foreign = open_batch(Source.UPLOAD, by=cast.suzhou)
    for answer in (
        begun(client, foreign, 10),
        sent(client, f"{DOOR}{uuid.uuid4()}/", 0, b"x"),
    ):
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "批次" in answer.content.decode()
