"""What every test may use."""

import pathlib

import pytest
from django.utils import translation

from qidang.tests.browsing import browser, context, page, server
from qidang.tests.fresh import fresh_database

__all__ = ["browser", "context", "fresh_database", "page", "server"]

SHARED = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of real files beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return SHARED


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    """Every test starts in Chinese, whatever the one before has activated."""
    translation.activate("zh-hans")
