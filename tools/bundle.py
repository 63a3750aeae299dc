"""离线安装包: one archive that installs without any network, for the machine and the Python that make it.

``make bundle``. In it: the wheels that the lock names, the product with its compiled page files and messages, the
Chinese font, ``install.sh`` and the digests of all of it. The same sources give the same bytes.
"""

import argparse
import hashlib
import io
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SHIPPED = pathlib.Path(__file__).resolve().parent / "bundled"  # what stands at the top of the archive as it is
FONT = pathlib.Path("node_modules/@expo-google-fonts/noto-sans-sc")
MOMENT = 315_532_800  # 1980-01-01, the earliest that every format can say
OLDEST = 28  # glibc 2.28: Kylin V10, UOS 20, RHEL 8
PARTS = {
    ".": ("LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "requirements.in"),
    "qidang": ("**/*",),
    "docs": ("**/*",),
    "build/static": ("**/*",),
    str(FONT): ("400Regular/*.ttf", "700Bold/*.ttf", "LICENSE*"),
}


def is_left_out(path: pathlib.Path) -> bool:
    """Say whether a file is no part of a running product: tests, caches, what is hidden."""
    return bool({"tests", "__pycache__"} & set(path.parts)) or path.name == "conftest.py" or path.name.startswith(".")


def product() -> Iterator[pathlib.Path]:
    """Yield the product's files by their path below the root."""
    for folder, patterns in PARTS.items():
        for pattern in patterns:
            for path in (ROOT / folder).glob(pattern):
                inside = path.relative_to(ROOT)
                if path.is_file() and not is_left_out(inside):
                    yield inside


def platforms(machine: str) -> list[str]:
    """Return the names under which wheels for this machine run on glibc 2.28 and newer."""
    named = [f"manylinux_2_{minor}_{machine}" for minor in range(OLDEST, 4, -1)]
    return [*named, *(f"manylinux{year}_{machine}" for year in ("2014", "2010", "1"))]


def fetch(folder: pathlib.Path, machine: str) -> None:
    """Bring the wheels for ``machine`` that the lock names by their digests, none built here, into ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    words = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "download", "--no-deps"]
    words += ["--require-hashes", "--only-binary=:all:", "--dest", str(folder)]
    words += [word for name in platforms(machine) for word in ("--platform", name)]
    words += ["-r", str(ROOT / "requirements.txt"), "-r", str(ROOT / "requirements-build.txt")]
    subprocess.run(words, check=True)


def pinned(wheels: list[pathlib.Path]) -> str:
    """Return what pip installs: each wheel by its name, version and digest."""
    lines = []
    for path in sorted(wheels):
        name, version = path.name.split("-")[:2]
        lines.append(f"{name}=={version} --hash=sha256:{digest(path.read_bytes())}\n")
    return "".join(lines)


def oldest_glibc(wheels: list[pathlib.Path]) -> int:
    """Return the glibc 2.x that these wheels need at least: of each the easiest tag, of all the hardest."""
    wanted = [17]
    for path in wheels:
        told = [int(minor) for minor in re.findall(r"manylinux_2_(\d+)_", path.name)]
        told += [17] if "manylinux2014" in path.name else []
        wanted += [min(told)] if told else []
    return max(wanted)


def digest(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def wanted(wheels: list[pathlib.Path], machine: str, version: str) -> str:
    """Return what ``install.sh`` asks of the machine, as lines that a shell reads."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"VERSION={version}\nMACHINE={machine}\nPYTHON_VERSION={python}\nGLIBC=2.{oldest_glibc(wheels)}\n"


def contents(wheels: list[pathlib.Path], asked: str, python: pathlib.Path | None) -> dict[str, pathlib.Path | bytes]:
    """Return everything in the archive by its name there; ``asked`` is what the installer asks of the machine."""
    held: dict[str, pathlib.Path | bytes] = {f"app/{path.as_posix()}": ROOT / path for path in product()}
    held |= {f"wheels/{path.name}": path for path in wheels}
    held |= {path.name: path for path in SHIPPED.iterdir() if path.is_file()}
    held |= {f"python/{python.name}": python} if python else {}
    held["wheels.txt"] = pinned(wheels).encode()
    held["wanted.env"] = asked.encode()
    sums = [f"{digest(read(held[name]))}  {name}\n" for name in sorted(held)]
    return held | {"SHA256SUMS": "".join(sums).encode()}


def read(source: pathlib.Path | bytes) -> bytes:
    """Return the bytes of a file, or those given."""
    return source if isinstance(source, bytes) else source.read_bytes()


def pack(held: dict[str, pathlib.Path | bytes], target: pathlib.Path) -> None:
    """Write the archive: sorted, one moment for all, nobody's in particular. Wheels are compressed already."""
    partial = target.with_suffix(".partial")
    with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(held):
            content = read(held[name])
            entry = tarfile.TarInfo(f"{target.stem}/{name}")
            entry.size, entry.mtime = len(content), MOMENT
            entry.mode = 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    partial.replace(target)


def arguments() -> argparse.Namespace:
    """Return what was asked for: which machine, and whether a Python goes along."""
    parser = argparse.ArgumentParser(description="make one archive that installs without any network")
    parser.add_argument("--machine", choices=("x86_64", "aarch64"), default=platform.machine())
    parser.add_argument("--python", type=pathlib.Path, help="an archive of a movable Python to take along")
    return parser.parse_args()


def main() -> int:
    """Make the archive and print its place, size and digest."""
    options = arguments()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    fetch(BUILD / "wheels", options.machine)
    wheels = sorted((BUILD / "wheels").glob("*.whl"))
    tag = f"{options.machine}-cp{sys.version_info.major}{sys.version_info.minor}"
    target = BUILD / f"qidang-{version}-linux-{tag}.tar"
    pack(contents(wheels, wanted(wheels, options.machine, version), options.python), target)
    with target.open("rb") as stream:
        whole = hashlib.file_digest(stream, "sha256").hexdigest()
    target.with_suffix(".tar.sha256").write_text(f"{whole}  {target.name}\n", encoding="utf-8")
    sys.stdout.write(f"{target}  {target.stat().st_size >> 20} MB, {len(wheels)} wheels\nsha256 {whole}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
