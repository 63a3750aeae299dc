"""Try the bundle for real: unpack, install, make the sample archive, serve, ask for the first page; without a network.

``try_bundle.py ARCHIVE [FOLDER]``. Where the kernel lets us we leave the network for an empty one, so that nothing can
be fetched unseen; elsewhere pip alone is kept from its indexes, and that is said.
"""

import contextlib
import fcntl
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Iterator

PATIENCE = 120.0  # seconds until the first page
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1  # netdevice(7)
SCAN = """
import pathlib, sys
from qidang.samples.typesetting import as_scan, typeset
pathlib.Path(sys.argv[1]).write_bytes(as_scan(typeset("数控机床销售合同\\n合同编号：XS-2026-0042")))
"""
SHEET = re.compile(r'href="(/static/[^"]+\.css)"')


def leave_network() -> bool:
    """Move into an empty network that has a loopback only; say whether it was allowed."""
    user, group = os.getuid(), os.getgid()
    try:
        os.unshare(os.CLONE_NEWNET)
    except OSError:
        try:
            os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
            pathlib.Path("/proc/self/setgroups").write_text("deny")
            pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1")
        except OSError:
            return False
    with socket.socket() as probe:
        named = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, named))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    return True


def install(archive: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Unpack the archive and run its installer; return the installed command."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    target = folder / "opt"
    environment = os.environ | {"PYTHON": sys.executable, "PIP_NO_INDEX": "1"}
    subprocess.run(["bash", folder / archive.stem / "install.sh", target], env=environment, check=True)
    return target / ".venv" / "bin" / "qidang"


@contextlib.contextmanager
def serving(command: pathlib.Path, environment: dict[str, str], port: int) -> Iterator[str]:
    """Serve while the block runs; give the address."""
    process = subprocess.Popen([command, "serve", "--port", str(port)], env=environment)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def page(address: str) -> str:
    """Return the page at ``address`` once it is there."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def recognise(command: pathlib.Path, folder: pathlib.Path) -> str:
    """Return the text of a scan that the installed product itself sets with its font and reads with its models."""
    scan = folder / "scan.pdf"
    subprocess.run([command.with_name("python"), "-c", SCAN, scan], check=True)
    return subprocess.run([command, "read", "--text", scan], capture_output=True, text=True, check=True).stdout


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def attempt(archive: pathlib.Path, folder: pathlib.Path) -> None:
    """Install and serve below ``folder``; raise where anything goes wrong."""
    command = install(archive, folder)
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    environment |= {"QIDANG_HOME": str(folder / "home"), "QIDANG_KEY_FILE": str(folder / "key")}
    subprocess.run([command, "demo"], env=environment, check=True)
    with serving(command, environment, free_port()) as address:
        first = page(address)
        sheets = SHEET.findall(first)
        if "契档" not in first or not sheets:
            raise SystemExit("the first page is not ours")
        for sheet in sheets:
            page(address + sheet)
    subprocess.run([command, "verify"], env=environment, check=True)
    if "XS-2026-0042" not in recognise(command, folder):
        raise SystemExit("a scan is not recognised")


def main() -> int:
    """Try it, below a folder of its own unless one is given."""
    archive = pathlib.Path(sys.argv[1]).resolve()
    is_alone = leave_network()
    sys.stdout.write("without any network\n" if is_alone else "the network could not be left; pip asks no index\n")
    sys.stdout.flush()
    if len(sys.argv) > 2:
        attempt(archive, pathlib.Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory(prefix="qidang-bundle-") as folder:
            attempt(archive, pathlib.Path(folder))
    sys.stdout.write("installed, served and verified\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
