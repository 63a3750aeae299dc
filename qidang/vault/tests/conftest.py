"""A home and a key of its own for each test of the vault."""

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from qidang.vault import keys


@pytest.fixture
def home(tmp_path: pathlib.Path, settings: Any) -> Iterator[pathlib.Path]:
    """An empty home with a fresh key beside it."""
    settings.HOME = tmp_path / "data"
    settings.KEY_FILE = tmp_path / "qidang.key"
    settings.HOME.mkdir()
    keys.forget()
    keys.create(settings.KEY_FILE)
    yield settings.HOME
    keys.forget()
