"""What every command shares: the caller's language, lines of output, and how a refusal is told. No Django here."""

import argparse
import importlib
import json
import os
import pathlib
import sys
import traceback
import unicodedata
from typing import Any

REFUSED = 1
WRONG = 2


def language() -> str:
    """Return ``en`` where the caller's locale is English, otherwise ``zh``."""
    for name in ("QIDANG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def say(zh: str, en: str) -> str:
    """Return the text in the caller's language."""
    return en if language() == "en" else zh


def home_folder() -> pathlib.Path:
    """Return ``QIDANG_HOME`` as the settings do, without loading them."""
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    return pathlib.Path(os.environ.get("QIDANG_HOME") or root / "data").resolve()


class Parser(argparse.ArgumentParser):
    """A command's arguments; ``--json`` is added where the command asks for it."""

    def accept_json(self) -> None:
        """Offer ``--json``."""
        self.add_argument("--json", action="store_true", help=say("每行一个 JSON", "print JSON Lines"))


def put(line: str) -> None:
    """Write one line to standard output, at once; a file's name cannot speak to the terminal."""
    sys.stdout.write("".join(char for char in line if unicodedata.category(char) != "Cc" or char in "\n\t") + "\n")
    sys.stdout.flush()


def put_json(row: dict[str, Any]) -> None:
    """Write one row as a JSON line."""
    put(json.dumps(row, ensure_ascii=False, default=str))


def complain(error: Exception, *, as_json: bool) -> int:
    """Tell what went wrong in the caller's language, with its code; return the exit code."""
    code, message, next_step = _unset(error) or _explained(error)
    if not code:
        traceback.print_exception(error)
        code, message = "system.unexpected", f"{type(error).__name__}: {error}"
    if as_json:
        put_json({"refused": {"code": code, "message": message, "next": next_step}})
    sys.stderr.write(f"{message} [{code}]\n" + (f"{next_step}\n" if next_step else ""))
    return REFUSED


def _unset(error: Exception) -> tuple[str, str, str] | None:
    """Explain what stops the settings themselves, before anything that reads them can explain it."""
    if type(error).__name__ == "ImproperlyConfigured":
        step = say(
            "改正这个环境变量后再试，见 docs/reference.md。", "Put it right and try again; see docs/reference.md."
        )
        return "system.misconfigured", str(error), step
    home = os.environ.get("QIDANG_HOME", "")
    named = str(getattr(error, "filename", None) or "")
    if not (isinstance(error, OSError) and home and named and _is_part_of(named, home)):
        return None
    return (
        "system.home_unusable",
        say(f"数据目录 {home} 用不了：{error.strerror}", f"the home {home} cannot be used: {error.strerror}"),
        say(
            "检查 QIDANG_HOME 是不是一个目录，当前系统用户能不能在那里读写。",
            "See whether QIDANG_HOME is a folder in which the present system user may read and write.",
        ),
    )


def _is_part_of(named: str, home: str) -> bool:
    """Whether ``named`` is the home, stands directly in it, or is a folder above it that cannot be made."""
    place, ours = os.path.realpath(named), os.path.realpath(home)
    return os.path.dirname(place) == ours or (ours + "/").startswith(place.rstrip("/") + "/")  # noqa: PTH120


def _explained(error: Exception) -> tuple[str, str, str]:
    """Return code, message and next step; three empty texts for what nobody foresaw."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")
    # not above: these know Django, and a command that goes well may not need it
    refusal = importlib.import_module("qidang.kit.failing").refusal_for(error) or error
    if not isinstance(refusal, importlib.import_module("qidang.kit.refusal").Refused):
        return "", "", ""
    with importlib.import_module("django.utils.translation").override("en" if language() == "en" else "zh-hans"):
        return str(refusal.code), str(refusal.message), str(refusal.next_step)
