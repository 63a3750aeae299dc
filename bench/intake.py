"""收件的速度: text PDFs from the door to the index, against the bare libraries on the same bytes and cores.

    python -m bench.intake [--count 500] [--rounds 1]

Typesets contracts made from real clauses, takes them in by the product (kept, read, registered, logged, indexed, each
file in a fresh child), then does with the same files what the bare libraries must do anyway, on both cores: a fresh
child per file for text and line positions (PDFium), SHA-256, encryption (Tink) with fsync, rename and fsync of the
folder, bigrams with positions into an index (Tantivy), committed. At last a running worker gets single files: how long
from the upload's end until a search finds each.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import multiprocessing
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = "江北启辰机电设备有限公司"
CORES = 2
SINGLE = 10  # files for the running worker


def make_files(count: int, folder: pathlib.Path) -> list[pathlib.Path]:
    """Typeset ``count`` contracts into ``folder``, those that are there already left as they are."""
    from bench.corpus import papers
    from qidang.samples.typesetting import typeset

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for made in papers(count):
        path = folder / f"{made.serial:06d}.pdf"
        if not path.exists():
            path.write_bytes(typeset(made.text))
        files.append(path)
    return files


def processor() -> float:
    """Return the seconds of processor time that this process and its ended children have used."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def open_archive() -> object:
    """Make a fresh home with our own company; return who takes in."""
    from qidang.cli.home import open_home

    open_home()
    from qidang.accounts.adding import add_department
    from qidang.accounts.models import User
    from qidang.contracts.models import Company

    by = User.objects.cli()
    unit = add_department(name=OURS, code="QMJ", parent=None, by=by)
    Company.add(by=by, name=OURS, is_ours=True, unit=unit)
    return by


def product(files: list[pathlib.Path]) -> dict[str, object]:
    """Take the files in on a fresh home; return seconds until read, until all can be found, and the outcome."""
    by = open_archive()
    from qidang.intake.commands import take_in
    from qidang.intake.texts import pool
    from qidang.search.following import catch_up, is_current

    started, used = time.perf_counter(), processor()
    rows = list(take_in(files, by=by, confirm=True, worker_runs=False))  # type: ignore[arg-type]
    read = time.perf_counter() - started
    while not is_current():
        catch_up(60)
    seconds = time.perf_counter() - started
    pool().close()
    states: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    return {"seconds": seconds, "processor": processor() - used, "read": read, "states": states}


def service(files: list[pathlib.Path]) -> dict[str, object]:
    """Hand the files to a running worker; return seconds until all can be found."""
    by = open_archive()
    from qidang.intake.commands import take_in
    from qidang.search.following import is_current

    worker = subprocess.Popen([sys.executable, "-m", "qidang.cli", "worker"], stderr=subprocess.DEVNULL)
    try:
        while not is_current():
            time.sleep(0.1)
        started = time.perf_counter()
        rows = list(take_in(files, by=by, confirm=True, worker_runs=True))  # type: ignore[arg-type]
        while not is_current():
            time.sleep(0.1)
        seconds = time.perf_counter() - started
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    return {"seconds": seconds, "processor": processor(), "states": len(rows)}


def bare(files: list[pathlib.Path], folder: pathlib.Path) -> dict[str, object]:
    """Do with the files what the libraries must do anyway, two at a time; return seconds."""
    import tantivy

    folder.mkdir(parents=True, exist_ok=True)
    index_folder = folder / "index"
    index_folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    index = tantivy.Index(builder.build(), path=str(index_folder))
    started, used = time.perf_counter(), processor()
    writer = index.writer(64_000_000, 1)
    with multiprocessing.get_context("fork").Pool(CORES, _ready) as workers:
        for text in workers.imap_unordered(_one, ((path, folder) for path in files), chunksize=5):
            plain = "".join(text.split())
            writer.add_document(tantivy.Document(text=" ".join(map("".join, itertools.pairwise(plain)))))
        writer.commit()
        seconds = time.perf_counter() - started
        workers.close()
        workers.join()
    return {"seconds": seconds, "processor": processor() - used}


_KEPT: dict[str, object] = {}


def _ready() -> None:
    """In each of the two processes, before its first file: load the libraries and make a key."""
    import pypdfium2  # noqa: F401  (children then start with it)
    import tink
    from tink import streaming_aead

    streaming_aead.register()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    _KEPT["cipher"] = tink.new_keyset_handle(template).primitive(streaming_aead.StreamingAead)


def _one(task: tuple[pathlib.Path, pathlib.Path]) -> str:
    path, folder = task
    data = path.read_bytes()
    lines = _lines_in_child(data)
    _seal(_KEPT["cipher"], data, folder / hashlib.sha256(data).hexdigest())
    return "\n".join(line[0] for page in lines for line in page)


def _lines_in_child(data: bytes) -> list[list[list[object]]]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            out.write(json.dumps(_lines(data), ensure_ascii=False).encode("utf-8", "replace"))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as result:
        lines = json.loads(result.read())
    os.waitpid(child, 0)
    return lines  # type: ignore[no-any-return]


def _lines(data: bytes) -> list[list[tuple[object, ...]]]:
    """Return each page's lines with their places, as PDFium parts the text."""
    import pypdfium2

    pages = []
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        places = [text.get_rect(number) for number in range(text.count_rects())]
        pages.append([(text.get_text_bounded(*place), *place) for place in places])
    return pages


def _seal(primitive: object, data: bytes, path: pathlib.Path) -> None:
    buffer = _Kept()
    with primitive.new_encrypting_stream(buffer, b"") as stream:  # type: ignore[attr-defined]
        stream.write(data)
    temporary = path.with_suffix(".new")
    with temporary.open("wb") as file:
        file.write(buffer.value)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class _Kept(io.BytesIO):
    """A buffer whose bytes outlive its closing, which the cipher does."""

    value = b""

    def close(self) -> None:
        """Keep what was written."""
        self.value = self.getvalue()
        super().close()


def single(files: list[pathlib.Path]) -> dict[str, object]:
    """Give a running worker one file after the other; return the seconds from kept until a search finds each."""
    by = open_archive()
    from qidang.intake.models import Source
    from qidang.intake.receiving import keep, open_batch, receive
    from qidang.search.following import is_current
    from qidang.search.query import find

    worker = subprocess.Popen([sys.executable, "-m", "qidang.cli", "worker"], stderr=subprocess.DEVNULL)
    took = []
    try:
        while not is_current():
            time.sleep(0.1)
        for number, path in enumerate(files):
            batch = open_batch(Source.UPLOAD, by=by, registers_by_itself=True)  # type: ignore[arg-type]
            receive(batch, [keep(path, path.name)], by=by)  # type: ignore[arg-type]
            started = time.perf_counter()
            while find(by, "签订日期").total <= number:  # type: ignore[arg-type]
                time.sleep(0.02)
            took.append(time.perf_counter() - started)
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    return {"median": statistics.median(took), "worst": max(took)}


def part(name: str, count: int) -> dict[str, float]:
    """Run one part in a process of its own, on a home of its own."""
    with tempfile.TemporaryDirectory(prefix="qidang-intake-") as home:
        environment = os.environ | {"QIDANG_HOME": f"{home}/home", "QIDANG_KEY_FILE": f"{home}/key"}
        command = [sys.executable, "-m", "bench.intake", "--count", str(count), "--part", name]
        result = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            sys.exit(result.stderr[-3000:])
        return json.loads(result.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def compare(count: int, rounds: int) -> None:
    """Print the product's and the bare libraries' documents a second in turn, and what one costs of the other."""
    ratios = []
    for _ in range(rounds):
        ours, theirs = part("product", count), part("bare", count)
        ratios.append(theirs["seconds"] / ours["seconds"])
        print(f"{count} text PDFs, load {os.getloadavg()[0]:.1f}: {ours['states']}")
        for name, took in (("product", ours), ("bare libraries", theirs)):
            each = 1000 * took["processor"] / count
            print(f"  {name:14s} {count / took['seconds']:6.1f} documents/s, {each:5.1f} ms of processor a document")
        spent = theirs["processor"] / ours["processor"]
        print(f"  product at {ratios[-1]:.0%} of the bare libraries by the clock, {spent:.0%} by processor time")
    if rounds > 1:
        print(f"median of {rounds}: {statistics.median(ratios):.0%}")
    handed = part("service", count)
    print(f"handed over to a running worker: {count / handed['seconds']:.1f} documents/s until all are found")
    found = part("single", SINGLE)
    print(
        f"a single file is found {found['median']:.1f} s after it is kept by a running worker"
        f" (median of {SINGLE}; worst {found['worst']:.1f} s)"
    )


def main() -> None:
    """Measure each part in a process of its own, print figures and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--part", choices=["product", "bare", "single", "service"])
    given = parser.parse_args()
    files = make_files(given.count, pathlib.Path(tempfile.gettempdir()) / "qidang-bench-pdfs")
    if given.part == "bare":
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(bare(files, pathlib.Path(folder))))
    elif given.part:
        print(
            json.dumps(
                {"product": product, "single": single, "service": service}[given.part](
                    files[:SINGLE] if given.part == "single" else files
                )
            )
        )
    else:
        compare(given.count, given.rounds)


if __name__ == "__main__":
    main()
