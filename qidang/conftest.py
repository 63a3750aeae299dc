"""What every test may use."""

import pathlib

import pytest
from django.conf import settings
from django.utils import translation

from qidang.cast import Cast, make_cast
from qidang.tests.browsing import browser, context, page, server
from qidang.tests.fresh import fresh_database, migrated_database
from qidang.vault import keys

__all__ = ["browser", "context", "fresh_database", "migrated_database", "page", "server"]

SHARED = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of real files beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _key() -> None:
    """The vault of the tests has a key."""
    keys.create(settings.KEY_FILE)


@pytest.fixture
def cast(db: None) -> Cast:
    """The people and departments of ``qidang/cast.py``, in the test's own transaction."""
    return make_cast()


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    """Every test starts in Chinese, whatever the one before has activated."""
    translation.activate("zh-hans")
