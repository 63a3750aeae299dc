"""One pool for the tests of this room."""

from collections.abc import Iterator

import pytest

from qidang.reading.pool import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """The pool that the tests of this room share."""
    with Pool(size=2) as pool:
        yield pool
