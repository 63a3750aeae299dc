"""压缩包: RAR and 7z open as ZIP does; what is locked, damaged, hostile or empty in them is said, and costs no more."""

import io
import pathlib
import struct
import zipfile
import zlib
from collections.abc import Callable

import py7zr
import pytest
import rars

from qidang.reading.litter import why_passed_over
from qidang.reading.paper import Paper
from qidang.reading.pool import Pool
from qidang.reading.tests.making import archive, docx, p

PAPERS = {"采购/合同.docx": docx(p("采购合同")), "采购/清单.txt": "清单".encode()}
RARS = [rars.RAR29, rars.RAR50, rars.RAR70]


def rar(files: dict[str, bytes], form: str = rars.RAR50, **ways: object) -> bytes:
    """Return a RAR of files."""
    builder = rars.RarBuilder(format=form, **ways)
    for name, content in files.items():
        builder.add_bytes(content, name)
    return bytes(builder.to_bytes())


def seven_zip(files: dict[str, bytes], password: str | None = None, *, hides_names: bool = False) -> bytes:
    """Return a 7z of files."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=hides_names) as book:
        for name, content in files.items():
            book.writestr(content, name)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def opened(pool: Pool, content: bytes, name: str, password: str | None = None) -> Paper:
    """Read an archive that is no refusal."""
    reading = pool.read(content, name, password=password)
    assert reading.paper is not None, (reading.refused, reading.message)
    return reading.paper


def names_of(paper: Paper) -> list[str]:
    """Return the names of what came out."""
    return [part.name for part in paper.parts]


@pytest.mark.parametrize("form", RARS)
@pytest.mark.parametrize("is_solid", [False, True])
def test_the_files_of_a_rar_become_parts(pool: Pool, form: str, *, is_solid: bool) -> None:
    paper = opened(pool, rar(PAPERS, form, solid=is_solid), "一批.rar")
    assert names_of(paper) == list(PAPERS)
    assert [part.data for part in paper.parts] == list(PAPERS.values())
    assert paper.parts[0].media_type.endswith("wordprocessingml.document")


def test_the_files_of_a_7z_become_parts(pool: Pool, shared: pathlib.Path) -> None:
    assert {part.name: part.data for part in opened(pool, seven_zip(PAPERS), "一批.7z").parts} == PAPERS
    real = shared / "data/robustness/containers/tika/test-documents.7z"
    assert len(opened(pool, real.read_bytes(), real.name).parts) == 9


LOCKED: dict[str, Callable[[], bytes]] = {
    form: lambda form=form: rar(PAPERS, form, password="口令") for form in RARS
} | {
    "rar without names": lambda: rar(PAPERS, password="口令", encrypt_headers=True),
    "7z": lambda: seven_zip(PAPERS, "口令"),
    "7z without names": lambda: seven_zip(PAPERS, "口令", hides_names=True),
}


@pytest.mark.parametrize("kind", LOCKED)
def test_a_locked_archive_asks_for_its_password(pool: Pool, kind: str) -> None:
    content = LOCKED[kind]()
    assert pool.read(content, "锁").refused == "reading.encrypted"
    assert pool.read(content, "锁", password="错").refused == "reading.wrong_password"
    assert names_of(opened(pool, content, "锁", "口令")) == list(PAPERS)


def test_a_bomb_in_a_rar_is_refused_and_the_rest_is_kept(pool: Pool) -> None:
    paper = opened(pool, rar({"炸.txt": bytes(200 << 20), "好.txt": b"good"}), "炸.rar")
    assert names_of(paper) == ["好.txt"]
    assert [problem.code for problem in paper.problems] == ["reading.too_large"]


def test_a_bomb_in_a_7z_ends_there(pool: Pool) -> None:
    content = seven_zip({"好.txt": b"good", "炸.txt": bytes(200 << 20)})
    paper = opened(pool, content, "炸.7z")
    assert names_of(paper) == ["好.txt"]
    assert [problem.code for problem in paper.problems] == ["reading.too_large"]
    assert pool.read(seven_zip({"炸.txt": bytes(200 << 20)}), "炸.7z").refused == "reading.too_large"


def test_archives_in_archives_are_opened_whatever_their_kind(pool: Pool) -> None:
    inner = seven_zip({"里.rar": rar({"底.txt": b"text"})})
    assert names_of(opened(pool, archive(包__7z=inner), "套.zip")) == ["包.7z/里.rar/底.txt"]
    deep = rar({"一.7z": seven_zip({"二.zip": archive(三__rar=rar({"底.txt": b"text"}))})})
    assert [problem.code for problem in opened(pool, deep, "套.rar").problems] == ["reading.too_deep"]


def test_a_name_that_leads_out_stays_inside(pool: Pool) -> None:
    content = _renamed(rar({"xx/xx/etc/passwd": b"evil"}, store=True), b"xx/xx/etc", b"../../etc")
    assert names_of(opened(pool, content, "外.rar")) == ["etc/passwd"]


def test_names_in_gbk_are_read(pool: Pool) -> None:
    content = rar({"XXXXXXXX.txt": b"text"}, rars.RAR29, store=True)
    content = _renamed(content, b"XXXXXXXX", "采购合同".encode("gbk"))
    assert names_of(opened(pool, content, "旧.rar")) == ["采购合同.txt"]


def _renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a RAR with a name replaced and the checksum of its head put right."""
    at = content.find(old)
    content = content.replace(old, new)
    is_old = content[6] == 0
    for start in range(at, 0, -1):  # a head begins with its checksum; 0x74 in the old form and 2 in the new is a file
        size = struct.unpack_from("<H", content, start + 5)[0] if is_old else content[start + 4] + 5
        if content[start + (2 if is_old else 5)] == (0x74 if is_old else 2) and at < start + size < at + 100:
            body = content[start + (2 if is_old else 4) : start + size]
            return (
                content[:start]
                + struct.pack("<I", zlib.crc32(body))[: 2 if is_old else 4]
                + body
                + content[start + size :]
            )
    raise AssertionError("no head")


def test_a_damaged_archive_is_refused(pool: Pool) -> None:
    for content in (rar(PAPERS)[:150], b"Rar!\x1a\x07\x01\x00" + bytes(50), seven_zip(PAPERS)[:90]):
        assert pool.read(content, "坏").refused in {"reading.malformed", "reading.volume_missing"}


def test_what_says_nothing_is_passed_over_and_named(pool: Pool) -> None:
    files = {"合同.txt": b"text", "~$合同.docx": b"x", "__MACOSX/._合同.txt": b"x", "Thumbs.db": b"x", "空.pdf": b""}
    for content in (rar(files), seven_zip(files), zipped(files)):
        reading = pool.read(content, "一批")
        assert reading.paper is not None
        assert names_of(reading.paper) == ["合同.txt"]
        assert sorted(reading.skipped) == [
            ["Thumbs.db", "litter"],
            ["__MACOSX/._合同.txt", "litter"],
            ["~$合同.docx", "litter"],
            ["空.pdf", "empty"],
        ]


@pytest.mark.parametrize("name", ["~$合同.docx", "a/Thumbs.db", ".DS_Store", "__MACOSX/x.pdf", "Desktop.ini"])
def test_litter_is_known_by_its_name(name: str) -> None:
    assert why_passed_over(name, 100) == "litter"


@pytest.mark.parametrize("name", ["合同.docx", "thumbs/合同.pdf", "甲~$乙.docx", "desktop.ini.pdf"])
def test_papers_are_no_litter(name: str) -> None:
    assert not why_passed_over(name, 100)
    assert why_passed_over(name, 0) == "empty"
