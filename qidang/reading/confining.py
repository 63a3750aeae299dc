"""The fork server's own confinement: no network, and no file but the program's own.

What a child may read of the user's files comes to it as open descriptors; a child that a hostile file has taken over
can open neither the database nor the key nor other contracts. By network namespaces and Landlock of the kernel, where
the system allows them; both need no privilege.
"""

import ctypes
import os
import pathlib
import struct
import sys
from collections.abc import Iterable

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on x86_64 and arm64
PATH_BENEATH = 1
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
FILE_RIGHTS = (13, 13, 14, 15, 15, 16)  # how many rights on files the kernel knows, by version of Landlock from 1
TCP = 0b11  # to bind and to connect
OUTSIDE = 0b11  # abstract sockets and signals to processes outside

SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/sys/bus", "/sys/devices")
DEVICES = ("/dev/null", "/dev/urandom")

libc = ctypes.CDLL(None, use_errno=True)


def cut_off_network() -> bool:
    """Move this process and all its children into a namespace without network; False where the system forbids it."""
    return bool(libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def shut_in() -> bool:
    """Let this process and all its children open only the program's own files, to read; False without Landlock."""
    version: int = libc.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS[min(version, len(FILE_RIGHTS)) - 1]) - 1
    rules = struct.pack("QQQ", rights, TCP if version >= 4 else 0, OUTSIDE if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(CREATE_RULESET, rules[:size], size, 0)
    if ruleset < 0:
        return False
    for path in readable():
        _allow(ruleset, path)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    is_shut = bool(libc.syscall(RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return is_shut


def readable() -> Iterable[pathlib.Path]:
    """Yield the folders and files that reading needs: Python, its libraries, this package, the font, the system's."""
    package = pathlib.Path(__file__).resolve().parent.parent
    font = pathlib.Path(os.environ.get("QIDANG_FONT", "")).resolve()
    yield from (pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix).resolve(), package)
    yield from (pathlib.Path(place).resolve() for place in sys.path if place.endswith("-packages"))
    if font.is_file():
        yield font.parent
    yield from (pathlib.Path(place) for place in (*SYSTEM, *DEVICES))


def _allow(ruleset: int, path: pathlib.Path) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rights = EXECUTE | READ_FILE | (READ_DIR if path.is_dir() else 0)
    libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, fd), 0)
    os.close(fd)
