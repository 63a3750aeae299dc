"""The labelled contracts in English of ../shared: their scores must not fall."""

import pathlib
from collections import Counter

import pytest

from bench.english import judge, labels
from bench.extraction import flow_paper
from qidang.reading.fields import extract

LEAST = {"parties": 0.86, "agreement date": 0.83, "effective date": 0.78, "governing law": 0.93, "title": 0.93}


def f1(counts: Counter[str]) -> float:
    """Return F1 of right, wrong, missed and extra."""
    said = counts["right"] + counts["wrong"] + counts["extra"]
    there = counts["right"] + counts["wrong"] + counts["missed"]
    return 2 * counts["right"] / (said + there)


def test_the_labelled_contracts_in_english_score_as_before(shared: pathlib.Path) -> None:
    if not (shared / "data/contracts_en/cuad").is_dir():
        pytest.skip("the labelled contracts in English are not here: ../shared/data/contracts_en/cuad")
    counts: dict[str, Counter[str]] = {}
    for path, row in labels(shared):
        for name, outcome, _ in judge(row, extract(flow_paper(path)).fields):
            counts.setdefault(name, Counter())[outcome] += 1
    scores = {name: round(f1(counts[name]), 3) for name in LEAST}
    assert all(scores[name] >= least for name, least in LEAST.items()), scores
