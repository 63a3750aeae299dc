"""A file is read by a child of its own, whose hands are tied and whose end is not ours."""

import os
import pathlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qidang.reading import confining, wire
from qidang.reading.limits import MIB, Limits
from qidang.reading.pool import Pool


def probe(pool: Pool, order: str, limits: Limits | None = None, **values: int | str) -> wire.Message:
    """Have a child do ``order``."""
    result, _ = pool.run("probe", order.encode(), "order.txt", limits or Limits(), values)
    return result


def test_every_file_has_a_child_of_its_own_from_one_server(pool: Pool) -> None:
    first, second = probe(pool, "report"), probe(pool, "report")
    assert first["parent"] == second["parent"] != os.getpid()
    assert first["pid"] != second["pid"]


def test_a_child_knows_no_django_and_no_contracts(pool: Pool) -> None:
    modules = probe(pool, "report")["modules"]
    assert not [name for name in modules if name.split(".")[0] == "django"]
    assert not [name for name in modules if name.startswith("qidang.") and name.split(".")[1] not in ("reading", "kit")]


def test_a_crash_ends_only_its_own_file(pool: Pool) -> None:
    assert probe(pool, "crash")["refused"] == "reading.crashed"
    assert "pid" in probe(pool, "report")


def test_a_child_that_hangs_is_killed_by_the_clock(pool: Pool) -> None:
    assert probe(pool, "hang", Limits(wall=0.3))["refused"] == "reading.timeout"


def test_a_child_that_spins_is_killed_by_its_cpu_time(pool: Pool) -> None:
    assert probe(pool, "spin", Limits(cpu=1))["refused"] == "reading.timeout"


def test_a_child_that_swallows_memory_is_refused(pool: Pool) -> None:
    assert probe(pool, "swallow")["refused"] == "reading.too_large"


def test_a_child_that_writes_too_much_is_refused(pool: Pool) -> None:
    assert probe(pool, "flood", Limits(output=8 * MIB))["refused"] == "reading.too_large"


def test_a_child_gives_way_to_pages(pool: Pool) -> None:
    assert probe(pool, "report")["nice"] > os.nice(0)


def test_a_child_cannot_reach_the_network(pool: Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert probe(pool, "call", port=port)["refused"] == "reading.malformed"


def test_a_child_cannot_open_the_files_of_others(pool: Pool, tmp_path: pathlib.Path) -> None:
    if confining.libc.syscall(confining.CREATE_RULESET, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    secret = tmp_path / "qidang.key"
    secret.write_bytes(b"key")
    result = probe(pool, "open", path=str(secret))
    assert (result["refused"], result["message"].split(":")[0]) == ("reading.malformed", "PermissionError")


def test_a_file_that_waits_for_recognition_leaves_its_place_to_the_next() -> None:
    with Pool(size=1) as pool, ThreadPoolExecutor(1) as threads:
        probe(pool, "report")
        scan = threads.submit(probe, pool, "hang", Limits(wall=3.0))
        time.sleep(0.5)  # until it runs
        pool._readers.extend(2, 1.0)
        assert "pid" in probe(pool, "report")
        assert not scan.done()


def test_a_server_that_died_is_replaced(pool: Pool) -> None:
    first = probe(pool, "report")["parent"]
    os.kill(first, 9)
    assert probe(pool, "report")["parent"] != first


def test_a_server_leaves_when_it_is_idle() -> None:
    with Pool(size=1, idle=0.2) as pool:
        parent = probe(pool, "report")["parent"]
        process = pool._readers._process
        assert process is not None
        assert process.wait(timeout=5) == 0
        assert probe(pool, "report")["parent"] != parent


def test_a_missing_an_empty_and_an_unknown_file_are_refused_without_a_child(pool: Pool) -> None:
    assert pool.read(b"", "empty.pdf").refused == "reading.empty"
    assert pool.read(b"AC1032\x00\x00\x00\x00\x00\x06", "plan.dwg").refused == "reading.unsupported"
    assert pool.read(b"1234", "a.txt", limits=Limits(input=3)).refused == "reading.too_large"
