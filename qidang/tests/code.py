"""Reads the product's own source, for the tests of its shape and its documents."""

import ast
import functools
import pathlib
import tomllib
from collections.abc import Iterator
from typing import Any

HOUSE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HOUSE.parent


@functools.cache
def modules() -> dict[pathlib.Path, ast.Module]:
    """Return every module of the product by its path below the package; migrations are history and left out."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts:
            found[path.relative_to(HOUSE)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def named(tree: ast.AST, *kinds: type[ast.AST]) -> Iterator[Any]:
    """Yield the nodes of these kinds."""
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def functions() -> Iterator[tuple[pathlib.Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function with the module it stands in."""
    for path, tree in modules().items():
        for node in named(tree, ast.FunctionDef, ast.AsyncFunctionDef):
            yield path, node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, its decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_test(path: pathlib.Path) -> bool:
    """Say whether a module belongs to the tests."""
    return "tests" in path.parts or path.name == "conftest.py"


def calls(*names: str) -> Iterator[tuple[pathlib.Path, int, str]]:
    """Yield module, line and first argument of every call of these names whose first argument is a plain text."""
    for path, tree in modules().items():
        if is_test(path):
            continue
        for node in named(tree, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in names and node.args and isinstance(node.args[0], ast.Constant):
                yield path, node.lineno, str(node.args[0].value)


def tables(name: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return every ``<room>/<name>.toml`` by room."""
    return {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(HOUSE.glob(f"*/{name}.toml"))
    }


def rooms() -> dict[str, int]:
    """Return the rooms with their height, the lowest 0, as ``.importlinter`` has them."""
    lines = (ROOT / ".importlinter").read_text(encoding="utf-8").split("layers =\n", 1)[1].splitlines()
    heights = {}
    for height, line in enumerate(reversed([line for line in lines if line.startswith("    ")])):
        for room in line.split("|"):
            heights[room.strip(" ()")] = height
    return heights
