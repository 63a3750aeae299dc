"""健康: what the watching addresses keep to themselves, told to whoever looks after the machine."""

import importlib
import os
import time
from argparse import Namespace
from urllib.error import URLError
from urllib.request import urlopen

import django

from qidang.cli.frame import REFUSED, put, put_json, say

NAMES = {
    "pages": ("网页", "pages"),
    "database": ("数据库", "database"),
    "key": ("库钥", "key"),
    "disk": ("磁盘", "disk"),
    "worker": ("后台", "worker"),
}


def run(arguments: Namespace) -> int:
    """Look, again and again for as long as told, and print what each check says; return 1 where one is not well."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")
    django.setup()
    end = time.monotonic() + arguments.wait
    found = _looked(arguments.host, arguments.port)
    while any(found.values()) and time.monotonic() < end:
        time.sleep(1.0)
        found = _looked(arguments.host, arguments.port)
    if arguments.json:
        put_json({name: reason or "ok" for name, reason in found.items()} | {"ok": not any(found.values())})
    else:
        for name, reason in found.items():
            put(f"{say(*NAMES[name])}  {reason or say('正常', 'ok')}")
    return REFUSED if any(found.values()) else 0


def _looked(host: str, port: int) -> dict[str, str]:
    """Return what each check says: nothing where all is well."""
    health = importlib.import_module("qidang.watch.health")  # only now: it imports models
    checks = {**health.READY, **health.WORKER}
    return {"pages": _pages(host, port), **{name: check() for name, check in checks.items()}}


def _pages(host: str, port: int) -> str:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"
    try:
        with urlopen(address, timeout=5) as answer:
            return "" if answer.status == 200 else f"{address} answers {answer.status}"
    except (URLError, OSError) as error:
        return f"{address} does not answer: {getattr(error, 'reason', error)}"
