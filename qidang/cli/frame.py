"""What every command shares: the caller's language, lines of output, and how a refusal is told. No Django here."""

import argparse
import errno
import json
import os
import sys
import traceback
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


class Parser(argparse.ArgumentParser):
    """A command's arguments; ``--json`` is added where the command asks for it."""

    def accept_json(self) -> None:
        """Offer ``--json``."""
        self.add_argument("--json", action="store_true", help=say("每行一个 JSON", "print JSON Lines"))


def put(line: str) -> None:
    """Write one line to standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def put_json(row: dict[str, Any]) -> None:
    """Write one row as a JSON line."""
    put(json.dumps(row, ensure_ascii=False, default=str))


def complain(error: Exception, *, as_json: bool) -> int:
    """Tell what went wrong in the caller's language, with its code; return the exit code."""
    code, message, next_step = _explained(error)
    if not code:
        traceback.print_exception(error)
        code, message = "system.unexpected", f"{type(error).__name__}: {error}"
    if as_json:
        put_json({"refused": {"code": code, "message": message, "next": next_step}})
    sys.stderr.write(f"{message} [{code}]\n" + (f"{next_step}\n" if next_step else ""))
    return REFUSED


def _explained(error: Exception) -> tuple[str, str, str]:
    """Return code, message and next step; three empty texts for what nobody foresaw."""
    if hasattr(error, "code") and hasattr(error, "next_step"):  # kit.Refused, not imported: it knows Django
        return str(error.code), str(getattr(error, "message", error)), str(error.next_step)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _disk_full()
    text = str(error)
    if "disk is full" in text or "No space left" in text:
        return _disk_full()
    if "database is locked" in text:
        return (
            "system.database_locked",
            say("数据库被占用，已等 20 秒", "the database is locked; waited for 20 seconds"),
            say("关掉其他正在写入的程序后重试", "end what else is writing to it, then try again"),
        )
    return "", "", ""


def _disk_full() -> tuple[str, str, str]:
    return (
        "system.disk_full",
        say("磁盘已满，没有写入", "the disk is full; nothing was written"),
        say("腾出空间后重试，已收进的内容都在", "make room and try again; what was taken in is kept"),
    )
