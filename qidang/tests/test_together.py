"""Two tasks at once: a long scan under recognition does not keep the next upload waiting."""

import io
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from qidang.accounts.models import User
from qidang.cli.worker import AT_ONCE
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.reading.server import FONT
from qidang.vault.preparing import prepare

PAGES = 12
PATIENCE = 90.0


def long_scan() -> bytes:
    """Return a scan of many full pages, which takes long to recognise."""
    if not pathlib.Path(os.environ.get("QIDANG_FONT", str(FONT))).is_file():
        pytest.skip("the bundled font is not installed: make setup")
    font = ImageFont.truetype(os.environ.get("QIDANG_FONT", str(FONT)), 24)
    pages = []
    for number in range(PAGES):
        page = Image.new("L", (1240, 1754), "white")
        pen = ImageDraw.Draw(page)
        for row in range(36):
            pen.text((90, 90 + 44 * row), f"第{number + 1}页第{row + 1}行 双方协商一致订立本合同共同遵守", font=font)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return out.getvalue()


def until(test: Callable[[], bool]) -> None:
    """Wait until ``test()`` is true."""
    end = time.monotonic() + PATIENCE
    while not test():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def given(by: User, data: bytes, name: str) -> Callable[[], str]:
    """Take a file in, in a batch of its own; return who tells its state."""
    (arrival,) = receive(open_batch(Source.UPLOAD, by=by), [keep(data, name)], by=by)
    return lambda: Arrival.objects.get(pk=arrival.pk).state


def test_a_quick_upload_is_read_while_a_long_scan_is(fresh_database: str) -> None:
    prepare()
    by = User.objects.system()
    scan = given(by, long_scan(), "扫描件.tif")
    words = ["ox_worker", "--interval", "0.1", "--concurrency", str(AT_ONCE)]
    command = [sys.executable, "-m", "django", *words, "--settings", "qidang.settings"]
    worker = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": fresh_database}, stderr=subprocess.DEVNULL)
    try:
        until(lambda: scan() == State.READING)
        time.sleep(1.0)
        quick = given(by, "关于召开例会的通知，请准时参加。".encode(), "通知.txt")
        until(lambda: quick() == State.TO_REVIEW)
        assert scan() == State.READING
    finally:
        worker.kill()
        worker.wait()
