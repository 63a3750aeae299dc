"""样本量与差错率, beside figures of the literature."""

import pytest

from qidang.intake.sample_sizes import interval, size_for


def test_the_size_follows_cochran() -> None:
    assert size_for(10**9, expected=0.5, margin=0.05) == 385  # the textbook's 384.16
    assert size_for(1000, expected=0.5, margin=0.05) == 278
    assert size_for(40_000, expected=0.02, margin=0.02) == 188
    assert size_for(5, expected=0.02, margin=0.02) == 5
    assert size_for(0, expected=0.02, margin=0.02) == 0


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        size_for(10, expected=0, margin=0.02)


def test_the_interval_is_wilsons() -> None:
    low, high = interval(0, 100)
    assert (low, round(high, 4)) == (0.0, 0.0370)
    low, high = interval(5, 100)
    assert (round(low, 4), round(high, 4)) == (0.0215, 0.1118)
    assert interval(0, 0) == (0.0, 1.0)
