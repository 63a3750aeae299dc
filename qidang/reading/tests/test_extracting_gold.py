"""The labelled contracts of ../shared, as texts: their scores must not fall."""

import json
import pathlib
import re
import subprocess
import sys

from qidang.reading.fields import extract
from qidang.reading.tests.extracting import paper_of

LEAST_HEAD, LEAST_MEAN = 0.99, 0.98


def test_the_labelled_texts_score_as_before(shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    rows = []
    for item in json.loads((shared / "data/gold/gold.json").read_text("utf-8")):
        path = shared / "data/gold" / item["files"]["txt"]
        fields = extract(paper_of(path.read_bytes().decode(item["encoding"]))).fields
        values = {name: found and {"value": found.value} for name, found in fields.items()}
        rows.append(json.dumps({"file": path.name, "fields": values}, ensure_ascii=False))
    results = tmp_path / "read.jsonl"
    results.write_text("\n".join(rows), "utf-8")
    command = [sys.executable, str(shared / "tools/score.py"), "fields", str(shared / "data/gold"), str(results)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    head, mean = re.search(r"head F1 ([\d.]+)", said), re.search(r"mean F1 ([\d.]+)", said)
    assert head and float(head[1]) >= LEAST_HEAD, said
    assert mean and float(mean[1]) >= LEAST_MEAN, said
