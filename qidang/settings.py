"""One settings file, environment only: works on a laptop with nothing set, refuses nonsense in production."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = pathlib.Path(os.environ.get("QIDANG_HOME", ROOT / "data")).resolve()
SECRET_KEY = os.environ.get("QIDANG_SECRET_KEY", "development-only-and-never-in-service-0123456789abcdef")
DEBUG = False
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_ox",
    "qidang.ledger",
    "qidang.vault",
    "qidang.accounts",
    "qidang.reading",
    "qidang.contracts",
    "qidang.holdings",
    "qidang.intake",
    "qidang.search",
    "qidang.web",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "qidang.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend", "QUEUES": []}}
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "qidang" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
ROOT_URLCONF = "qidang.urls"
WSGI_APPLICATION = "qidang.wsgi.application"
KEY_FILE = pathlib.Path(os.environ.get("QIDANG_KEY_FILE", ROOT / "qidang.key"))
