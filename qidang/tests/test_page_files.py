"""The page files: exactly the listed ones come out of node_modules."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from qidang.page_files import NPM_FILES, NpmFinder


@pytest.fixture(autouse=True)
def _installed() -> None:
    if not (settings.ROOT / "node_modules" / "htmx.org").is_dir():
        pytest.skip("the page libraries are not installed: make setup")


@pytest.mark.parametrize("name", NPM_FILES)
def test_every_listed_file_is_found(name: str) -> None:
    assert finders.find(name), f"{NPM_FILES[name]} is not in node_modules"


def test_nothing_else_of_npm_can_be_had() -> None:
    assert not finders.find("npm/axe.min.js")
    assert not finders.find("@tabler/core/package.json")
    assert [name for name, _storage in NpmFinder().list(None)] == list(NPM_FILES)


def test_a_page_file_is_served_with_its_type() -> None:
    answer = Client().get("/static/npm/htmx.min.js")
    assert answer.status_code == 200
    assert answer["content-type"].startswith("text/javascript")


def test_a_file_that_is_not_listed_is_not_served() -> None:
    assert Client().get("/static/npm/../package.json").status_code == 404
