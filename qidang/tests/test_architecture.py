"""The shape of the code, as the house lays it down: what a reviewer need not look for."""

import ast
import pathlib
import re
import statistics
import subprocess
import sys

from django.apps import apps
from django.db import models

from qidang.tests import code

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE, LONGEST_SETTINGS = 50, 600, 120, 300
MEDIAN_FUNCTION, NINETIETH_FUNCTION = 8, 25
MOST_METHODS = 25
FORBIDDEN_FILES = {"services", "utils", "helpers", "managers", "signals", "common", "misc"}
FORBIDDEN_WORDS = {
    "Manager",
    "Service",
    "Handler",
    "Helper",
    "Util",
    "Utils",
    "Data",
    "Info",
    "Base",
    "Process",
    "Object",
}
REFUSAL_TEXTS = {"zh", "zh_next", "en", "en_next"}


def test_a_room_imports_only_rooms_below_it() -> None:
    program = pathlib.Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([program, "--no-cache"], cwd=code.ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_foreign_keys_point_down() -> None:
    heights = code.rooms()
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or room not in heights:
                continue
            target = field.related_model._meta.app_label
            if target != room and heights.get(target, -1) >= heights[room]:
                wrong.append(f"{model.__name__}.{field.name} points at {target}")
    assert wrong == []


def test_no_file_is_named_after_nothing() -> None:
    assert [str(path) for path in code.modules() if path.stem in FORBIDDEN_FILES] == []


def test_no_class_is_named_after_nothing() -> None:
    wrong = [
        f"{path}: {node.name}"
        for path, tree in code.modules().items()
        for node in code.named(tree, ast.ClassDef)
        if FORBIDDEN_WORDS & set(re.findall(r"[A-Z][a-z]+", node.name))
    ]
    assert wrong == []


def test_nothing_listens_to_signals() -> None:
    wrong = []
    for path, tree in code.modules().items():
        for node in code.named(tree, ast.ImportFrom):
            if node.module and node.module.endswith("dispatch") and path.parts[0] != "tests":
                wrong.append(f"{path}:{node.lineno}")
        for node in code.named(tree, ast.Attribute):
            if node.attr == "connect" and ast.unparse(node.value).endswith(("_save", "_delete", "_changed")):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_functions_are_short() -> None:
    lengths = {f"{path}:{node.lineno} {node.name}": code.length(node) for path, node in code.functions()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    ordered = sorted(lengths.values())
    assert statistics.median(ordered) <= MEDIAN_FUNCTION
    assert ordered[len(ordered) * 9 // 10] <= NINETIETH_FUNCTION


def test_files_and_templates_are_short() -> None:
    limits = {"*.py": LONGEST_FILE, "*.html": LONGEST_TEMPLATE, "settings.py": LONGEST_SETTINGS}
    wrong = []
    for pattern, limit in limits.items():
        for path in code.HOUSE.rglob(pattern):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit and "migrations" not in path.parts:
                wrong.append(f"{path.relative_to(code.HOUSE)}: {lines} lines, {limit} at most")
    assert wrong == []


def test_a_model_is_not_a_crowd_of_methods() -> None:
    wrong = []
    for path, tree in code.modules().items():
        for node in code.named(tree, ast.ClassDef):
            count = sum(isinstance(part, ast.FunctionDef) for part in node.body)
            if count > MOST_METHODS and not code.is_test(path):
                wrong.append(f"{path}: {node.name} has {count} methods")
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path, tree in code.modules().items() if tree.body and not ast.get_docstring(tree)] == []


def test_a_refusal_stands_in_the_table_of_the_room_that_raises_it() -> None:
    tables = code.tables("refusals")
    wrong = [
        f"{path}:{line} {refusal}"
        for path, line, refusal in code.calls("Refused")
        if refusal not in tables.get(path.parts[0], {})
    ]
    assert wrong == []


def test_every_refusal_is_told_in_both_languages_with_the_next_step() -> None:
    wrong = [
        f"{room}: {refusal}"
        for room, table in code.tables("refusals").items()
        for refusal, texts in table.items()
        if not {name for name, text in texts.items() if text} >= REFUSAL_TEXTS
    ]
    assert wrong == []


def test_every_act_recorded_has_a_phrase() -> None:
    phrases = code.tables("phrases")["ledger"]
    wrong = [f"{path}:{line} {act}" for path, line, act in code.calls("record", "record_read") if act not in phrases]
    assert wrong == []
