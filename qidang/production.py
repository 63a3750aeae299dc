"""What a production start refuses, with what to do about it (``QIDANG_PRODUCTION=1``)."""

import os
import stat
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

SAMPLE_MARK = "sample-accounts"  # the file in the home that lists them (qidang/cli/demo.py)

SHORTEST_SECRET = 50  # characters; Django's own measure (security.W009)


def _secret_key() -> list[checks.CheckMessage]:
    # the environment, not the setting: Django raises where the setting is empty
    if len(os.environ.get("QIDANG_SECRET_KEY", "")) >= SHORTEST_SECRET:
        return []
    return [
        checks.Error(
            "没有足够长的密钥 / no real secret key",
            hint="Set QIDANG_SECRET_KEY to 50 or more random characters: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="qidang.E001",
        )
    ]


def _allowed_hosts() -> list[checks.CheckMessage]:
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        checks.Error(
            "没有写明访问域名 / no allowed hosts",
            hint="Set QIDANG_ALLOWED_HOSTS to the names people type, such as contracts.example.com",
            id="qidang.E002",
        )
    ]


def _key_file() -> list[checks.CheckMessage]:
    path = settings.KEY_FILE
    if not path.is_file():
        hint = f"Make it once and keep a copy elsewhere: (umask 077; head -c 32 /dev/urandom > {path})"
        return [checks.Error(f"没有库钥文件 / no key file at {path}", hint=hint, id="qidang.E003")]
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        hint = f"chmod 600 {path}"
        return [checks.Error(f"其他人能读库钥文件 / others can read {path}", hint=hint, id="qidang.E004")]
    return []


def _key_apart() -> list[checks.CheckMessage]:
    if settings.HOME not in settings.KEY_FILE.resolve().parents:
        return []
    hint = "Move it, and set QIDANG_KEY_FILE: a copy of the data folder alone must open nothing"
    return [checks.Error("库钥放在数据目录里 / the key file lies inside the data folder", hint=hint, id="qidang.E005")]


def _sample_accounts() -> list[checks.CheckMessage]:
    if not (settings.HOME / SAMPLE_MARK).exists():
        return []
    hint = "Start with an empty QIDANG_HOME, and make the first person by: qidang createadmin"
    return [checks.Error(f"{settings.HOME} 里有示例账号 / sample accounts", hint=hint, id="qidang.E006")]


def _home_is_private() -> list[checks.CheckMessage]:
    if not settings.HOME.exists() or settings.HOME.stat().st_mode & 0o007 == 0:
        return []
    hint = f"chmod o-rwx {settings.HOME}"
    return [checks.Warning(f"{settings.HOME} 对所有人开放 / open to everybody", hint=hint, id="qidang.W001")]


@checks.register(checks.Tags.security)
def production_start(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return what stands in the way of a production start; nothing outside production."""
    if not settings.PRODUCTION:
        return []
    parts = (_secret_key, _allowed_hosts, _key_file, _key_apart, _sample_accounts, _home_is_private)
    return [message for part in parts for message in part()]
