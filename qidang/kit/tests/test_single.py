"""One at a time."""

import pathlib

import pytest

from qidang.kit.single import Held, hold, is_held


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: pathlib.Path) -> None:
    lock = tmp_path / "a.lock"
    with hold(lock):
        assert is_held(lock)
        with pytest.raises(Held), hold(lock):
            pass
    assert not is_held(lock)
    with hold(lock):
        pass


def test_asking_creates_nothing(tmp_path: pathlib.Path) -> None:
    assert not is_held(tmp_path / "b.lock")
    assert not (tmp_path / "b.lock").exists()
