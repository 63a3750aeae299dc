"""收件的速度: text PDFs from the door to the index, against the bare libraries on the same bytes and cores.

``python -m bench.intake [--count 500]``: typesets contracts made from real clauses, takes them in by the product
(kept, read, registered, indexed), then does with the same files what the bare libraries must do anyway: a fresh child
per file for text and line positions (PDFium), encryption (Tink) with fsync, words into an index (Tantivy).
"""

from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import io
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = "江北启辰机电设备有限公司"


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


def product(files: list[pathlib.Path]) -> dict[str, float]:
    """Take the files in on a fresh home; return seconds until kept and read, until found, and how many registered."""
    from qidang.cli.home import open_home

    open_home()
    from qidang.accounts.adding import add_department
    from qidang.accounts.models import User
    from qidang.contracts.models import Company
    from qidang.intake.commands import take_in
    from qidang.search.following import catch_up, is_current

    by = User.objects.cli()
    unit = add_department(name=OURS, code="QMJ", parent=None, by=by)
    Company.add(by=by, name=OURS, is_ours=True, unit=unit)
    started = time.perf_counter()
    rows = list(take_in(files, by=by, confirm=True, worker_runs=False))
    read = time.perf_counter() - started
    while not is_current():
        catch_up(60)
    done = time.perf_counter() - started
    states = {row["state"]: 0 for row in rows}
    for row in rows:
        states[row["state"]] += 1
    return {"read": read, "done": done, "rows": len(rows), "states": states}  # type: ignore[dict-item]


def bare(files: list[pathlib.Path], folder: pathlib.Path) -> float:
    """Do with the files what the libraries must do anyway, two at a time; return seconds."""
    import tantivy

    folder.mkdir(parents=True, exist_ok=True)
    index_folder = folder / "index"
    index_folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    index = tantivy.Index(builder.build(), path=str(index_folder))
    started = time.perf_counter()
    writer = index.writer(64_000_000, 1)
    halves = [files[0::2], files[1::2]]
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for texts in pool.map(_half, halves, itertools.repeat(folder)):
            for text in texts:
                plain = "".join(text.split())
                writer.add_document(tantivy.Document(text=" ".join(map("".join, itertools.pairwise(plain)))))
    writer.commit()
    return time.perf_counter() - started


def _half(files: list[pathlib.Path], folder: pathlib.Path) -> list[str]:
    import pypdfium2  # noqa: F401  (loaded before the children are made)
    from tink import streaming_aead

    streaming_aead.register()
    handle = _handle()
    texts = []
    for path in files:
        data = path.read_bytes()
        texts.append(_text_in_child(data))
        _seal(handle, data, folder / hashlib.sha256(data).hexdigest())
    return texts


def _handle() -> object:
    import tink
    from tink import streaming_aead

    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    return tink.new_keyset_handle(template).primitive(streaming_aead.StreamingAead)


def _text_in_child(data: bytes) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            out.write(_text(data).encode("utf-8", "replace"))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as result:
        text = result.read().decode()
    os.waitpid(child, 0)
    return text


def _text(data: bytes) -> str:
    import pypdfium2

    parts = []
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        for number in range(text.count_rects()):
            parts.append(text.get_text_bounded(*text.get_rect(number)))
    return "\n".join(parts)


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


def main() -> None:
    """Measure both in processes of their own, print figures and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--part", choices=["product", "bare"])
    arguments = parser.parse_args()
    files = make_files(arguments.count, pathlib.Path(tempfile.gettempdir()) / "qidang-bench-pdfs")
    if arguments.part == "product":
        print(product(files))
    elif arguments.part == "bare":
        with tempfile.TemporaryDirectory() as folder:
            print(bare(files, pathlib.Path(folder)))
    else:
        for part in ("product", "bare"):
            with tempfile.TemporaryDirectory() as home:
                environment = os.environ | {"QIDANG_HOME": f"{home}/home", "QIDANG_KEY_FILE": f"{home}/key"}
                command = [sys.executable, "-m", "bench.intake", "--count", str(arguments.count), "--part", part]
                result = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
                print(part, result.stdout.strip() or result.stderr[-2000:], flush=True)


if __name__ == "__main__":
    main()
