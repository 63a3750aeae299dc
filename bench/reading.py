"""Reading: the pool against the bare libraries, on the same bytes and the same two cores, in the same run.

    python -m bench.reading [--files N] [--pages N] [--rounds N]

Text: documents a second, (a) bare PDFium, text only, two long-lived processes; (b) bare PDFium, text and line boxes,
a fresh child per file; (c) the pool: a fresh child per file, line positions, layout, fields. Recognition: pages a
minute, bare rapidocr in two processes of one thread against the pool on the same images.
"""

import argparse
import hashlib
import io
import itertools
import multiprocessing
import os
import pathlib
import statistics
import time
from collections.abc import Callable

import numpy as np
import pypdfium2
from PIL import Image

from qidang.reading.pool import Job, Pool
from qidang.reading.warming import WORDS, pdf

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared/data"
CORES = 2
Documents = list[bytes]


def corpus(count: int) -> Documents:
    """Return text PDFs: the typeset contracts of ../shared where they are, otherwise made ones; no two alike."""
    paths = [*(SHARED / "gold/pdf").glob("*.pdf"), *(SHARED / "contracts_zh/derived_typeset/pdf").glob("*.pdf")]
    if paths:
        contents = [path.read_bytes() for path in sorted(paths)]
        return [content + f"\n% {number}".encode() for number, content in zip(range(count), itertools.cycle(contents))]
    rows = [(60.0, 780.0 - 40 * number, 10.5, text) for number, text in enumerate(WORDS)]
    return [pdf([*rows, (60.0, 40.0, 9.0, str(number))]) for number in range(count)]


def text_only(content: bytes) -> int:
    """Bare PDFium: the text of a document."""
    document = pypdfium2.PdfDocument(content)
    return sum(len(page.get_textpage().get_text_range()) for page in document)


def text_and_boxes(content: bytes) -> int:
    """Bare PDFium: digest, text and the box of every run."""
    hashlib.sha256(content).hexdigest()
    document = pypdfium2.PdfDocument(content)
    found = 0
    for page in document:
        letters = page.get_textpage()
        found += len(letters.get_text_range())
        for index in range(letters.count_rects()):
            letters.get_text_bounded(*letters.get_rect(index))
    return found


def in_processes(documents: Documents) -> None:
    """Two long-lived processes share the documents."""
    with multiprocessing.get_context("fork").Pool(CORES) as pool:
        pool.map(text_only, documents, chunksize=5)


def in_fresh_children(documents: Documents) -> None:
    """A fresh child per document, two at once."""
    running = 0
    for content in documents:
        if running == CORES:
            os.wait()
            running -= 1
        if os.fork() == 0:
            text_and_boxes(content)
            os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()


def in_the_pool(pool: Pool) -> Callable[[Documents], None]:
    """The product's way."""

    def read(documents: Documents) -> None:
        jobs = (Job(content, f"{number}.pdf") for number, content in enumerate(documents))
        assert all(reading.paper for _, reading in pool.read_many(jobs))

    return read


def rate(work: Callable[[Documents], None], documents: Documents, rounds: int) -> float:
    """Return the median documents a second."""
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        work(documents)
        rates.append(len(documents) / (time.perf_counter() - start))
    return statistics.median(rates)


def measure_text(count: int, rounds: int) -> None:
    """Print the rates for text PDFs and their ratios."""
    documents = corpus(count)
    with Pool(size=CORES) as pool:
        pool.read(documents[0], "first.pdf")
        bare, fresh, product = (
            rate(work, documents, rounds) for work in (in_processes, in_fresh_children, in_the_pool(pool))
        )
    print(f"text PDFs ({count} documents, {CORES} processes, median of {rounds}):")
    print(f"  bare PDFium, text only, long-lived processes    {bare:7.1f} /s")
    print(f"  bare PDFium, text + boxes, fresh child a file   {fresh:7.1f} /s")
    print(f"  pool: lines, layout, fields, fresh child a file {product:7.1f} /s   {product / fresh:.0%} of fresh bare")


def page_images(count: int) -> list[bytes]:
    """Return upright page images as PNG: the first pages of typeset contracts at 150 dpi."""
    images = []
    for content in corpus(count):
        bitmap = pypdfium2.PdfDocument(content)[0].render(scale=150 / 72)
        out = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(out, "PNG", compress_level=1)
        images.append(out.getvalue())
    return images


def recognise_bare(images: list[bytes], ready: "multiprocessing.synchronize.Barrier") -> None:
    """Bare rapidocr on every image, one thread; the models are loaded before the clock starts."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "critical"})
    engine(np.full((200, 400, 3), 255, np.uint8))
    ready.wait()
    for image in images:
        engine(np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))[:, :, ::-1], use_cls=False)


def measure_recognition(count: int) -> None:
    """Print pages a minute and their ratio, both warm."""
    images = page_images(count)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(CORES + 1)
    workers = [context.Process(target=recognise_bare, args=(images[n::CORES], ready)) for n in range(CORES)]
    for worker in workers:
        worker.start()
    ready.wait()
    start = time.perf_counter()
    for worker in workers:
        worker.join()
    bare = 60 * count / (time.perf_counter() - start)
    with Pool(size=CORES, ocr_size=CORES) as pool:
        small = Image.new("RGB", (200, 60), "white")
        out = io.BytesIO()
        small.save(out, "PNG")
        pool.read(out.getvalue(), "warm.png")
        start = time.perf_counter()
        readings = [r for _, r in pool.read_many(Job(image, f"{n}.png") for n, image in enumerate(images))]
        product = 60 * count / (time.perf_counter() - start)
        assert sum(reading.ocr_pages for reading in readings) == count
    print(f"recognition ({count} upright pages, {CORES} processes of one thread, models loaded):")
    print(f"  bare rapidocr  {bare:6.1f} pages/min")
    print(f"  pool           {product:6.1f} pages/min   {product / bare:.0%} of bare")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    measure_text(options.files, options.rounds)
    if options.pages:
        measure_recognition(options.pages)
