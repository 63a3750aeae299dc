"""文字识别: pages without text are read from their image, upright or not."""

import io
import os
import pathlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from qidang.reading.paper import Paper
from qidang.reading.pool import Pool
from qidang.reading.server import FONT

WORDS = ["设备采购合同", "合同编号：ABC-2026-017", "甲方：江南机械有限公司", "金额：壹万贰仟元整"]


@pytest.fixture(scope="module")
def scan() -> Image.Image:
    """A page of four lines as an image."""
    font = os.environ.get("QIDANG_FONT", str(FONT))
    if not pathlib.Path(font).is_file():
        pytest.skip("the bundled font is not installed: make setup")
    page = Image.new("RGB", (700, 500), "white")
    pen = ImageDraw.Draw(page)
    for row, words in enumerate(WORDS):
        pen.text((60, 60 + 90 * row), words, font=ImageFont.truetype(font, 34), fill="black")
    return page


def as_bytes(image: Image.Image, form: str, **options: object) -> bytes:
    """Return the image as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def read(pool: Pool, content: bytes, name: str) -> Paper:
    """Read a file that is no refusal."""
    reading = pool.read(content, name)
    assert reading.paper is not None, reading.refused
    return reading.paper


def letters(paper: Paper) -> str:
    """Return the text without blanks, with the colons of the recogniser made alike."""
    return "".join(paper.text.split()).replace(":", "：")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP"])
def test_an_image_is_read_with_boxes_and_a_score(pool: Pool, scan: Image.Image, form: str) -> None:
    paper = read(pool, as_bytes(scan, form), f"甲.{form.lower()}")
    assert letters(paper) == "".join(WORDS)
    page = paper.pages[0]
    assert page.source == "ocr"
    assert page.score is not None
    assert page.score > 0.9
    assert page.lines[0].box is not None
    assert page.lines[0].box[0] == pytest.approx(60 / 700, abs=0.02)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_wrong_is_turned(pool: Pool, scan: Image.Image, turn: int) -> None:
    paper = read(pool, as_bytes(scan.rotate(turn, expand=True), "PNG"), "歪.png")
    assert letters(paper) == "".join(WORDS)
    assert paper.pages[0].turn == turn
    assert paper.pages[0].width > paper.pages[0].height


def test_an_exif_note_turns_a_photograph(pool: Pool, scan: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to show
    paper = read(pool, as_bytes(scan.rotate(90, expand=True), "JPEG", exif=exif), "照片.jpg")
    assert letters(paper) == "".join(WORDS)
    assert paper.pages[0].turn == 0


def test_every_page_of_a_tiff_is_read(pool: Pool, scan: Image.Image) -> None:
    small = scan.crop((0, 0, 700, 240))
    content = as_bytes(small, "TIFF", save_all=True, append_images=[small.crop((0, 0, 700, 140))])
    paper = read(pool, content, "传真.tif")
    assert [len(page.lines) for page in paper.pages] == [2, 1]


def test_only_pages_without_text_are_recognised(pool: Pool, scan: Image.Image) -> None:
    mixed = as_bytes(scan, "PDF", resolution=90)
    paper = read(pool, mixed, "扫描.pdf")
    assert paper.ocr_pages == 1
    assert letters(paper) == "".join(WORDS)


def test_an_empty_page_reads_as_nothing(pool: Pool) -> None:
    paper = read(pool, as_bytes(Image.new("RGB", (300, 300), "white"), "PNG"), "空.png")
    assert paper.chars == 0


def test_black_text_under_a_red_stamp_is_read(pool: Pool, scan: Image.Image) -> None:
    stamp = Image.new("RGBA", scan.size)
    ImageDraw.Draw(stamp).ellipse((330, 120, 520, 310), outline=(210, 30, 40, 190), width=7)
    stamped = Image.alpha_composite(scan.convert("RGBA"), stamp).convert("RGB")
    assert letters(read(pool, as_bytes(stamped, "PNG"), "盖章.png")) == "".join(WORDS)


def test_a_real_scan_is_read(pool: Pool, shared: pathlib.Path) -> None:
    path = min((shared / "data/contracts_zh/derived_scans").glob("056*_p1.jpg"))
    paper = read(pool, path.read_bytes(), path.name)
    assert paper.chars > 300
    assert "合同" in paper.text
