"""One settings file, environment only: works on a laptop with nothing set, refuses nonsense in production.

Every ``QIDANG_…`` name read here stands in ``docs/reference.md``; the checks of a production start stand in
``qidang/production.py``.
"""

import os
import pathlib
import secrets
import urllib.parse
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from qidang.schedule import SCHEDULES

ROOT = pathlib.Path(__file__).resolve().parent.parent


def flag(name: str) -> bool:
    """Return the yes/no of an environment name; anything but 1, 0 or nothing is refused."""
    value = os.environ.get(name, "")
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")
    return value == "1"


def words(name: str) -> list[str]:
    """Return the comma-separated words of an environment name."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def kept_secret(path: pathlib.Path) -> str:
    """Return the development secret in ``path`` (0600), made at the first start; never used in production."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:  # a folder that cannot be written: sessions then end with the process
        return secrets.token_urlsafe(50)
    return path.read_text().strip()


def number(name: str, usual: int) -> int:
    """Return the whole number above 0 of an environment name, ``usual`` where it is not set."""
    value = os.environ.get(name, "")
    if value and not (value.isascii() and value.isdigit() and int(value)):
        raise ImproperlyConfigured(f"{name} must be a whole number above 0, not {value!r}")
    return int(value) if value else usual


def sqlite(path: str | pathlib.Path) -> dict[str, Any]:
    """Return the SQLite settings: WAL, IMMEDIATE, every commit on the disk before it is acknowledged."""
    sync = "OFF" if flag("QIDANG_TESTING") else "FULL"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-16000; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


def postgresql(url: urllib.parse.SplitResult) -> dict[str, Any]:
    """Return the PostgreSQL settings of ``postgresql://user:password@host:port/name?option=value``."""
    options: dict[str, Any] = dict(urllib.parse.parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": urllib.parse.unquote(url.path.lstrip("/")),
        "USER": urllib.parse.unquote(url.username or ""),
        "PASSWORD": urllib.parse.unquote(url.password or ""),
        "HOST": options.pop("host", None) or urllib.parse.unquote(url.hostname or ""),
        "PORT": str(url.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def database(address: str) -> dict[str, Any]:
    """Return the settings of the database at ``address`` (``DATABASE_URL``); empty means SQLite in the home."""
    url = urllib.parse.urlsplit(address)
    if not address:
        return sqlite(HOME / "qidang.sqlite3")
    if url.scheme == "sqlite":
        return sqlite(urllib.parse.unquote(url.path))
    if url.scheme in ("postgresql", "postgres"):
        return postgresql(url)
    raise ImproperlyConfigured(f"DATABASE_URL starts with {url.scheme!r}; use postgresql:// or sqlite:///")


# Where things are
PRODUCTION = flag("QIDANG_PRODUCTION")
HOME = pathlib.Path(os.environ.get("QIDANG_HOME") or ROOT / "data").resolve()
CLEARED_FILE = os.environ.get("QIDANG_CLEARED_FILE", "")
KEY_FILE = pathlib.Path(os.environ.get("QIDANG_KEY_FILE") or ("/etc/qidang/key" if PRODUCTION else ROOT / "qidang.key"))
SECRET_KEY = os.environ.get("QIDANG_SECRET_KEY") or ("" if PRODUCTION else kept_secret(HOME / "secret.key"))
DEBUG = False
ALLOWED_HOSTS = words("QIDANG_ALLOWED_HOSTS") or ([] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = words("QIDANG_ORIGINS")
PROXIES = words("QIDANG_PROXIES") or ["127.0.0.1", "::1"]  # who may say whose request it is (qidang/wsgi.py)

# What it is made of
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_ox",
    "qidang",
    "qidang.ledger",
    "qidang.vault",
    "qidang.accounts",
    "qidang.approvals",
    "qidang.reading",
    "qidang.contracts",
    "qidang.holdings",
    "qidang.intake",
    "qidang.search",
    "qidang.web",
]
MIDDLEWARE = [
    "qidang.web.health.Health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qidang.web.middleware.Caller",
    "qidang.web.middleware.Language",
    "qidang.web.middleware.Bodies",
    "qidang.web.middleware.FirstPassword",
    "qidang.web.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qidang.web.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "qidang.urls"
WSGI_APPLICATION = "qidang.wsgi.application"

# Database and tasks
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": [],
        "OPTIONS": {"MAX_ATTEMPTS": 3, "LOCK_TIMEOUT": 60, "SCHEDULES": SCHEDULES},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "qidang"}}

# People and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["qidang.accounts.signing_in.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if flag("QIDANG_TESTING"):  # a slow hash on purpose is no use where nobody attacks
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SIGN_IN_FAILURES_PER_NAME = number("QIDANG_SIGN_IN_FAILURES_PER_NAME", 100)  # a day, from anywhere strange
SIGN_IN_FAILURES_PER_ADDRESS = number("QIDANG_SIGN_IN_FAILURES_PER_ADDRESS", 50)  # a quarter of an hour
LOGIN_URL = "session:sign_in"
LOGIN_REDIRECT_URL = "home:page"
LOGOUT_REDIRECT_URL = "session:sign_in"
SESSION_COOKIE_NAME = "qidang_session"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "qidang_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_NAME = "qidang_language"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION

# Security headers: nothing inline, nothing from elsewhere
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# Whether the neighbours of this host speak HTTPS too is not for us to promise (subdomains, preload list).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a contract of 300 line items sends 2,400
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # of one form without script
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None  # the private folder of this process, as for every temporary file (qidang/kit/scratch.py)
FILE_UPLOAD_PERMISSIONS = 0o600

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "qidang" / "locale"]
TIME_ZONE = os.environ.get("QIDANG_TIME_ZONE") or "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

# The paper itself
ORIGINALS_DAYS = number("QIDANG_ORIGINALS_DAYS", 30)  # after signing, from which on originals not back are 缺原件

# Page files
STATIC_URL = "/static/"
STATIC_ROOT = pathlib.Path(os.environ.get("QIDANG_STATIC") or ROOT / "build" / "static")
IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "qidang.page_files.NpmFinder",
    "qidang.web.icons.IconFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "qidang.page_files.HashedFiles"
        if IS_COLLECTED or flag("QIDANG_COLLECTING")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_COLLECTED
WHITENOISE_AUTOREFRESH = not IS_COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Log: one line a record on standard error, where systemd keeps it
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("QIDANG_LOG_LEVEL") or "WARNING"},
    "loggers": {
        "qidang": {"level": os.environ.get("QIDANG_LOG_LEVEL") or "INFO"},
        "django.request": {"level": "ERROR"},
        "django.tasks": {"level": "WARNING"},
    },
}
