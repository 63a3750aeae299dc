"""Page images: what is shown of a page."""

import io
import os
import time

import pytest
from PIL import Image

from qidang.kit.refusal import Refused
from qidang.reading.pool import Pool
from qidang.reading.server import FONT
from qidang.reading.tests.making import pdf

PAPER = pdf([(72, 700, 24, "买卖合同")], [(72, 700, 24, "附件")])


def shown(pool: Pool, content: bytes = PAPER, page: int = 1, **options: object) -> Image.Image:
    """Return a page's image, decoded."""
    return Image.open(io.BytesIO(pool.page_image(content, page, **options)))  # type: ignore[arg-type]


def dark(image: Image.Image) -> int:
    """Count dark pixels."""
    return sum(image.convert("L").histogram()[:100])


def test_chinese_that_is_not_embedded_is_not_blank(pool: Pool) -> None:
    if not FONT.is_file() and "QIDANG_FONT" not in os.environ:
        pytest.skip("the bundled font is not installed: make setup")
    assert dark(shown(pool, form="png")) > 500


def test_the_watermark_is_burnt_in(pool: Pool) -> None:
    plain, stamped = shown(pool, form="png"), shown(pool, form="png", watermark="张三 2026-11-24 10:00")
    assert stamped.size == plain.size
    assert stamped.convert("L").histogram()[255] < 0.99 * plain.convert("L").histogram()[255]


def test_hits_are_marked_where_they_are(pool: Pool) -> None:
    image = shown(pool, boxes=[(0.5, 0.5, 0.7, 0.6)], form="png").convert("RGB")
    red, _, blue = image.getpixel((int(image.width * 0.6), int(image.height * 0.55)))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_turned_page_is_shown_upright(pool: Pool) -> None:
    plain, turned = shown(pool), shown(pool, turn=90)
    assert turned.size == (plain.height, plain.width)


def test_a_page_is_never_larger_than_its_cap(pool: Pool) -> None:
    assert max(shown(pool, dpi=5000).size) <= 2500


def test_webp_is_given_unless_png_is_asked_for(pool: Pool) -> None:
    assert shown(pool).format == "WEBP"
    assert shown(pool, form="png").format == "PNG"


def test_a_page_that_is_not_there_is_refused(pool: Pool) -> None:
    for page in (0, 3):
        with pytest.raises(Refused) as refusal:
            pool.page_image(PAPER, page)
        assert refusal.value.code == "reading.no_such_page"


def test_a_page_comes_quickly(pool: Pool) -> None:
    pool.page_image(PAPER, 1)
    start = time.monotonic()
    pool.page_image(PAPER, 2, watermark="张三")
    assert time.monotonic() - start < 2
