"""One at a time: a lock on a file, given back by the system when its holder ends, however it ends."""

import contextlib
import fcntl
import os
import pathlib
from collections.abc import Iterator


class Held(Exception):
    """Another process holds the lock; ``path`` says which lock."""

    def __init__(self, path: pathlib.Path) -> None:
        super().__init__(f"{path} is held by another process")
        self.path = path


@contextlib.contextmanager
def hold(path: pathlib.Path, *, wait: bool = False) -> Iterator[None]:
    """Hold ``path`` while the block runs; raise ``Held`` where another holds it, or wait for it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise Held(path) from error
        yield
    finally:
        os.close(handle)


def is_held(path: pathlib.Path) -> bool:
    """Say whether another process holds ``path`` now; nothing is created."""
    if not path.exists():
        return False
    try:
        with hold(path):
            return False
    except Held:
        return True
