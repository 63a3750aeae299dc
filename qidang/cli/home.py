"""The home (``QIDANG_HOME``): made and migrated when it is first needed, by whichever command comes first."""

import hashlib
import os
import pathlib
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.utils import translation

from qidang import vault
from qidang.cli.frame import WRONG, language
from qidang.kit import memory, scratch
from qidang.kit.single import hold


def open_home() -> None:
    """Set Django up on the home; make and migrate it where needed; leave with code 2 where a start is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")
    os.umask(0o077)
    django.setup()
    translation.activate("en" if language() == "en" else "zh-hans")
    _refuse_bad_start()
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    with hold(settings.HOME / "home.lock", wait=True):
        scratch.settle(settings.HOME / "tmp")
        _migrate()
        vault.prepare()
    memory.collect_seldom()


def worker_lock() -> pathlib.Path:
    """Return the lock that a running worker holds."""
    return pathlib.Path(settings.HOME) / "worker.lock"


def _refuse_bad_start() -> None:
    found = [message for message in checks.run_checks(tags=[checks.Tags.security]) if message.is_serious()]
    if not found:
        return
    for message in found:
        sys.stderr.write(f"{message.msg} [{message.id}]\n    {message.hint}\n")
    sys.exit(WRONG)


def _migrations_digest() -> str:
    """Return a digest of which migrations there are, and for which database."""
    names = [
        f"{config.label}/{path.name}"
        for config in apps.get_app_configs()
        for path in sorted(pathlib.Path(config.path).glob("migrations/[0-9]*.py"))
    ]
    names.append(repr(settings.DATABASES["default"]["NAME"]) + settings.DATABASES["default"].get("HOST", ""))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _migrate() -> None:
    """Migrate, unless the stamp says that this very set of migrations has been applied to this SQLite file."""
    stamp = settings.HOME / "migrated"
    digest = _migrations_digest()
    if _is_fresh_sqlite() and stamp.exists() and stamp.read_text() == digest:
        return
    call_command("migrate", verbosity=0, interactive=False)
    stamp.write_text(digest)


def _is_fresh_sqlite() -> bool:
    name = settings.DATABASES["default"]["NAME"]
    return "sqlite3" in settings.DATABASES["default"]["ENGINE"] and pathlib.Path(name).exists()
