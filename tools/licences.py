"""Refuse a dependency whose licence would bind the product: no GPL and no AGPL; LGPL and MPL only by name."""

import importlib.metadata
import json
import pathlib
import re
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Used unmodified and as a library; who adds one here has read its licence.
WEAK_COPYLEFT = {
    "certifi": "MPL-2.0",
    "npm axe-core": "MPL-2.0, tests only",
    "hypothesis": "MPL-2.0, tests only",
    "pathspec": "MPL-2.0, development only",
    "inflate64": "LGPL-2.1, of py7zr",
    "multivolumefile": "LGPL-2.1, of py7zr",
    "pi-heif": "BSD-3-Clause, its wheels with libheif and libde265 under LGPL-3.0",
    "pikepdf": "MPL-2.0",
    "psycopg": "LGPL-3.0",
    "psycopg-binary": "LGPL-3.0",
    "psycopg-pool": "LGPL-3.0",
    "py7zr": "LGPL-2.1",
    "pybcj": "LGPL-2.1, of py7zr",
    "pyppmd": "LGPL-2.1, of py7zr",
    "python-stdnum": "LGPL-2.1",
    "tqdm": "MPL-2.0 and MIT",
}
STRONG = re.compile(r"\bA?GPL|GNU (Affero )?General Public|Affero|SSPL|Elastic|Business Source|Commons Clause", re.I)
WEAK = re.compile(r"\bLGPL|Lesser General Public|\bMPL|Mozilla Public", re.I)
NAMED = {  # say nothing a program can read; looked up by hand
    "qidang": "Apache-2.0",
    "npm combine-errors": "MIT",
}


def licence(package: importlib.metadata.Distribution) -> str:
    """Return what the package says of its licence: the expression, else classifiers, else the first line."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    named = [line.rsplit("::", 1)[1].strip() for line in classifiers]
    if [name for name in named if name != "OSI Approved"]:
        return "; ".join(named)
    return (told.get("License") or "").strip().split("\n", 1)[0]


def fault(name: str, text: str) -> str:
    """Return why the package ``name`` under the licence ``text`` may not be used, or nothing."""
    text = text or NAMED.get(name, "")
    choices = [choice for choice in re.split(r"\bOR\b", text) if choice.strip()]
    if not choices:
        return "says no licence"
    if all(STRONG.search(WEAK.sub("", choice)) for choice in choices):
        return text
    if all(WEAK.search(choice) for choice in choices) and name not in WEAK_COPYLEFT:
        return f"{text}: add it to WEAK_COPYLEFT after reading it"
    return ""


def npm_licences() -> Iterator[tuple[str, str]]:
    """Yield the packages of ``package-lock.json`` with their licences."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in lock["packages"].items():
        if path:
            yield path.removeprefix("node_modules/"), package.get("license", "")


def main() -> int:
    """Print the faults; return 1 where there is one."""
    packages = {
        package.name.lower().replace("_", "-"): licence(package) for package in importlib.metadata.distributions()
    }
    packages |= {f"npm {name}": text for name, text in npm_licences()}
    faults = {name: why for name, text in sorted(packages.items()) if (why := fault(name, text))}
    for name, why in faults.items():
        sys.stdout.write(f"{name}: {why}\n")
    sys.stdout.write(f"{len(packages)} packages looked at\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
