"""识读池: hands files to fresh children of the fork server and brings back what they read.

Nothing that reads a file is imported here. A pool may be used by several threads at once; each call waits on
the channels of its own tasks. Recognition of page images has a fork server of its own, which loads its models once.
"""

import contextlib
import os
import selectors
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from qidang.kit.refusal import Refused
from qidang.reading import wire
from qidang.reading.jobs import Job, Reading, Source, opened, reading_of
from qidang.reading.limits import MIB, Limits
from qidang.reading.paper import Box
from qidang.reading.server import Server
from qidang.reading.sniffing import sniff

OCR_LIMITS = Limits(memory=6144 * MIB, cpu=150, wall=240.0)
IMAGE_LIMITS = Limits(cpu=20, wall=30.0)
ASSEMBLY_LIMITS = Limits(cpu=60, wall=90.0)

__all__ = ["Job", "Pool", "Reading", "Source"]


@dataclass
class _Flight:
    """A task under way: its channel, source and output, and the pages that are being recognised for it."""

    message: wire.Message
    source: int
    job: Job | None = None
    output: int = -1
    channel: socket.socket | None = None
    server: Server | None = None
    is_second_try: bool = False
    asked: int = 0
    pages: dict[int, "_Flight"] = field(default_factory=dict)
    owner: "_Flight | None" = None

    def close(self) -> None:
        """Close everything that is open for the task."""
        for page in self.pages.values():
            page.close()
        if self.channel is not None:
            self.channel.close()
        for fd in (self.source, self.output):
            if fd >= 0:
                os.close(fd)
        self.source = self.output = -1


class Pool:
    """A fork server for files and, once a page asks for it, one for recognition; both leave when idle."""

    def __init__(self, size: int = 2, ocr_size: int = 2, idle: float = 60.0, limits: Limits | None = None) -> None:
        self.size = size
        self.limits = limits or Limits()
        self._readers = Server(size, idle)
        self._recognisers = Server(ocr_size, idle)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop both servers and every child."""
        self._readers.close()
        self._recognisers.close()

    def read(self, source: Source, name: str, *, password: str | None = None, limits: Limits | None = None) -> Reading:
        """Read one file; a refusal is a result (``refused``), not an exception."""
        return next(reading for _, reading in self.read_many([Job(source, name, password)], limits=limits))

    def read_many(self, jobs: Iterable[Job], *, limits: Limits | None = None) -> Iterator[tuple[Job, Reading]]:
        """Read files, ``size`` at once, and yield (job, reading) as they are done; jobs are taken as room comes."""
        limits = limits or self.limits
        with selectors.DefaultSelector() as selector:
            waiting = iter(jobs)
            under_way = 0
            try:
                while True:
                    while under_way < 2 * self.size and (job := next(waiting, None)) is not None:
                        refused = self._launch(selector, job, limits)
                        if refused is not None:
                            yield job, refused
                        else:
                            under_way += 1
                    if not under_way:
                        return
                    for flight, reading in self._turn(selector, limits):
                        under_way -= 1
                        assert flight.job is not None
                        yield flight.job, reading
            finally:
                for key in list(selector.get_map().values()):
                    if key.data.owner is None:
                        key.data.close()

    def page_image(
        self,
        source: Source,
        page: int,
        *,
        name: str = "",
        dpi: int = 110,
        watermark: str | None = None,
        boxes: Iterable[Box] = (),
        turn: int = 0,
        password: str | None = None,
        form: str = "webp",
    ) -> bytes:
        """Return the image of a page (from 1) as WebP or PNG, with the watermark burnt in and the boxes marked.

        Raises Refused with a ``reading.…`` code when there is no such page or the file cannot be shown.
        """
        values = {"page": page, "dpi": dpi, "watermark": watermark, "boxes": list(boxes), "turn": turn, "form": form}
        result, blobs = self.run("image", source, name, IMAGE_LIMITS, values | {"password": password})
        if "refused" in result:
            raise Refused(result["refused"], name=name, page=page)
        return blobs[0]

    def assemble(
        self, sources: Sequence[tuple[bytes, str]], papers: Sequence[Sequence[tuple[int, int, int]]]
    ) -> tuple[list[bytes], str]:
        """Bind pages of ``sources`` (bytes and name) into new PDFs; return them and the program that made them.

        ``papers`` says for each its leaves: number of the source from 0, page from 1, degrees clockwise. Raises Refused
        with a ``reading.…`` code.
        """
        fd = wire.memory_file("sources")
        with os.fdopen(fd, "rb") as source:
            head = {"names": [name for _, name in sources], "papers": papers}
            wire.write_result(fd, head, [content for content, _ in sources])
            values = {"family": "pdf"}
            result, blobs = self.run("assemble", source, sources[0][1], ASSEMBLY_LIMITS, values)
        if "refused" in result:
            raise Refused(result["refused"], name=sources[0][1])
        return blobs, result["maker"]

    def run(
        self, task: str, source: Source, name: str, limits: Limits, values: dict[str, Any] | None = None
    ) -> tuple[wire.Message, list[bytes]]:
        """Do one task of :data:`qidang.reading.child.TASKS` in a fresh child; returns its result and its blobs."""
        flight = self._prepare(task, source, name, limits, values or {})
        if isinstance(flight, str):
            return {"refused": flight}, []
        with selectors.DefaultSelector() as selector:
            self._submit(selector, self._readers, flight)
            try:
                while True:
                    for _ in selector.select():
                        outcome = self._answer(selector, flight, limits)
                        if outcome is not None:
                            return outcome
            finally:
                flight.close()

    def _prepare(self, task: str, source: Source, name: str, limits: Limits, values: dict[str, Any]) -> "_Flight | str":
        """Open the source and word the task; a code when the file is refused before anything is started."""
        try:
            fd = opened(source)
        except OSError:
            return "reading.missing"
        size = os.fstat(fd).st_size
        family = values.get("family") or sniff(os.pread(fd, 4096, 0), name)[1]
        code = "reading.empty" if size == 0 else "reading.too_large" if size > limits.input else ""
        if code or not family:
            os.close(fd)
            return code or "reading.unsupported"
        return _Flight({"task": task, "name": name, "family": family, "limits": asdict(limits), **values}, fd)

    def _launch(self, selector: selectors.BaseSelector, job: Job, limits: Limits) -> Reading | None:
        flight = self._prepare(
            "read", job.source, job.name, limits, {"password": job.password, "is_released": job.is_released}
        )
        if isinstance(flight, str):
            return Reading(job.name, refused=flight)
        flight.job = job
        self._submit(selector, self._readers, flight)
        return None

    def _submit(self, selector: selectors.BaseSelector, server: Server, flight: _Flight) -> None:
        """Send the task to a server and watch its channel."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if flight.output >= 0:
            os.close(flight.output)
        flight.channel, flight.server, flight.output = ours, server, wire.memory_file("output")
        with theirs:
            server.submit(flight.message, [theirs.fileno(), flight.source, flight.output])
        selector.register(ours, selectors.EVENT_READ, flight)

    def _turn(self, selector: selectors.BaseSelector, limits: Limits) -> Iterator[tuple[_Flight, Reading]]:
        for key, _ in selector.select():
            flight: _Flight = key.data
            if flight.channel is None or flight.channel.fileno() < 0:
                continue
            if flight.owner is not None:
                self._page_done(selector, flight)
                continue
            outcome = self._answer(selector, flight, limits)
            if outcome is not None:
                assert flight.job is not None
                _abandon_pages(selector, flight)
                flight.close()
                yield flight, reading_of(flight.job, *outcome)

    def _answer(
        self, selector: selectors.BaseSelector, flight: _Flight, limits: Limits
    ) -> tuple[wire.Message, list[bytes]] | None:
        """Deal with a message on a task's channel; the result when the task has ended."""
        assert flight.channel is not None
        message, fds = wire.receive(flight.channel)
        if message is not None and "ocr" in message:
            self._recognise(selector, flight, message, fds, limits)
            return None
        selector.unregister(flight.channel)
        if message is None and not flight.is_second_try:
            flight.is_second_try = True
            flight.channel.close()
            _abandon_pages(selector, flight)
            self._submit(selector, self._readers, flight)
            return None
        return _outcome(message, flight.output)

    def _recognise(
        self, selector: selectors.BaseSelector, flight: _Flight, message: wire.Message, fds: list[int], limits: Limits
    ) -> None:
        """Pass a page image from a child to the recognition server; the file itself stays where it is."""
        flight.asked += 1
        if flight.asked > limits.ocr_pages or not fds:
            for fd in fds:
                os.close(fd)
            wire.send(flight.channel, {"ocr": message["ocr"], "code": "reading.too_large"})  # type: ignore[arg-type]
            return
        self._readers.extend(flight.message["id"], limits.ocr_seconds)
        task = {"task": "ocr", "family": "ocr", "limits": asdict(OCR_LIMITS), "image": message}
        page = _Flight(task, fds[0], owner=flight)
        self._submit(selector, self._recognisers, page)
        flight.pages[page.channel.fileno()] = page  # type: ignore[union-attr]

    def _page_done(self, selector: selectors.BaseSelector, page: _Flight) -> None:
        """Tell the child that its page has been recognised, and hand it the result unread."""
        assert page.channel is not None
        assert page.owner is not None
        assert page.owner.channel is not None
        message, _ = wire.receive(page.channel)
        selector.unregister(page.channel)
        page.owner.pages.pop(page.channel.fileno())
        code = "reading.crashed" if message is None else message["end"]
        with contextlib.suppress(OSError):  # the child may have gone; its own end is on its way then
            wire.send(page.owner.channel, {"ocr": page.message["image"]["ocr"], "code": code}, [page.output])
        page.close()


def _abandon_pages(selector: selectors.BaseSelector, flight: _Flight) -> None:
    """Forget the pages that are being recognised for a task that has ended."""
    for page in flight.pages.values():
        selector.unregister(page.channel)  # type: ignore[arg-type]
        page.close()
    flight.pages.clear()


def _outcome(message: wire.Message | None, output: int) -> tuple[wire.Message, list[bytes]]:
    """Return what a child wrote, or the refusal for the way in which it ended."""
    end = message or {"end": "reading.crashed", "seconds": 0.0, "peak": 0}
    blobs: list[bytes] = []
    if end["end"]:
        result: wire.Message = {"refused": end["end"]}
    else:
        try:
            result, blobs = wire.read_result(output)
        except ValueError:
            result = {"refused": "reading.crashed"}
    return result | {"seconds": end["seconds"], "peak": end["peak"]}, blobs
