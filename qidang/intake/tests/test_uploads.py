"""上传: pieces over a line that may break."""

import io
import os
import pathlib
import shutil
from collections.abc import Callable

import pytest
from django.conf import settings

from qidang import vault
from qidang.intake.models import Arrival, Batch, Upload
from qidang.intake.uploads import append, begin, complete, forget_stale
from qidang.kit.refusal import Refused
from qidang.vault import pieces


def pieces_of(upload: Upload) -> list[pathlib.Path]:
    folder = pathlib.Path(settings.HOME) / "incoming" / str(upload.uid)
    return sorted(folder.iterdir()) if folder.is_dir() else []


class Slow(io.BytesIO):
    """A line on which something else happens before its bytes are all there."""

    def __init__(self, data: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(data)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        """Return what there is; at the end let the other thing happen."""
        piece = super().read(size)
        if not piece:
            self.meanwhile()
        return piece


class Breaking(io.BytesIO):
    """A line that breaks after its bytes."""

    def read(self, size: int | None = -1) -> bytes:
        """Return what there is, then fail."""
        piece = super().read(size)
        if not piece:
            raise OSError("the line broke")
        return piece


def test_a_file_comes_in_pieces_and_arrives_whole(batch: Batch) -> None:
    data = os.urandom(3_000_000)
    upload = begin(batch, by=batch.by, filename="大.pdf", size=len(data))
    append(upload, 0, io.BytesIO(data[:1_500_000]))
    append(upload, 1_500_000, io.BytesIO(data[1_500_000:]))
    assert upload.arrival is not None
    assert vault.read(upload.arrival.blob) == data
    assert pieces_of(upload) == []


def test_what_came_before_the_line_broke_is_kept_sealed(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=100)
    append(upload, 0, Breaking(b"secret words of forty characters or so.."))
    assert upload.offset == 40
    assert b"secret" not in pieces_of(upload)[0].read_bytes()
    append(upload, 40, io.BytesIO(b"x" * 60))
    assert upload.arrival is not None


def test_going_on_at_the_wrong_place_is_refused_with_the_right_one(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=100)
    append(upload, 0, io.BytesIO(b"x" * 10))
    with pytest.raises(Refused) as refusal:
        append(upload, 50, io.BytesIO(b"x" * 50))
    assert refusal.value.code == "intake.wrong_offset"
    assert refusal.value.values["offset"] == 10


def test_of_two_requests_for_one_place_the_first_to_end_counts(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=10)
    late = Upload.objects.get(pk=upload.pk)
    with pytest.raises(Refused) as refusal:
        append(late, 0, Slow(b"wrong", lambda: append(upload, 0, io.BytesIO(b"right"))))
    assert refusal.value.code == "intake.wrong_offset"
    append(upload, 5, io.BytesIO(b" here"))
    assert upload.arrival is not None
    assert vault.read(upload.arrival.blob) == b"right here"


def test_an_upload_found_complete_twice_arrives_once(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=5)
    append(upload, 0, io.BytesIO(b"12345"))
    asked = Upload.objects.get(pk=upload.pk)
    asked.arrival = None  # as it was read before the other request ended
    assert complete(asked).arrival_id == upload.arrival_id
    assert Arrival.objects.count() == 1


def test_pieces_that_were_lost_are_a_refusal(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=10)
    append(upload, 0, io.BytesIO(b"12345"))
    shutil.rmtree(pathlib.Path(settings.HOME) / "incoming" / str(upload.uid))
    with pytest.raises(Refused) as refusal:
        append(upload, 5, io.BytesIO(b"67890"))
    assert refusal.value.code == "intake.pieces_lost"


def test_more_than_was_announced_is_not_taken(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=5)
    append(upload, 0, io.BytesIO(b"123456789"))
    assert upload.arrival is not None
    assert vault.read(upload.arrival.blob) == b"12345"


def test_an_upload_killed_before_its_end_is_completed_when_asked_about(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=10)
    append(upload, 0, io.BytesIO(b"12345"))
    pieces.settle([pieces.lay(pathlib.Path(settings.HOME) / "incoming" / str(upload.uid), 5, b"67890")])
    Upload.objects.filter(pk=upload.pk).update(offset=10)
    upload.refresh_from_db()
    complete(upload)
    assert upload.arrival is not None


@pytest.mark.parametrize(("size", "code"), [(0, "intake.empty_file"), (5 << 30, "intake.too_large")])
def test_empty_and_huge_files_are_refused_at_once(batch: Batch, size: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        begin(batch, by=batch.by, filename="x", size=size)
    assert refusal.value.code == code


def test_an_upload_that_nobody_goes_on_with_is_forgotten(batch: Batch) -> None:
    upload = begin(batch, by=batch.by, filename="合同.txt", size=100)
    append(upload, 0, io.BytesIO(b"x"))
    Upload.objects.update(touched_at="2020-01-01T00:00:00Z")
    forget_stale()
    assert not Upload.objects.exists()
    assert pieces_of(upload) == []
