"""Folding, and what has to do without Django."""

import subprocess
import sys

import pytest

from qidang.kit.text import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢＣ（上海） 有限公司", "abc(上海)有限公司"), ("甲 乙\u3000丙", "甲乙丙"), ("HT－01", "ht-01")],
)
def test_accidents_of_typing_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("module", ["amounts", "dates", "text", "workdays"])
def test_what_the_reading_children_use_brings_no_django(module: str) -> None:
    ask = f"import sys, qidang.kit.{module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0
