"""``qidang read``: one object a file, in the order given."""

import json
import pathlib

from qidang.reading.cli import read_files
from qidang.reading.tests.making import pdf

KEYS = ["file", "sha256", "media_type", "pages", "ocr_pages", "chars", "text", "is_contract", "contract_type", "fields"]


def test_lines_come_in_the_order_of_the_files(tmp_path: pathlib.Path) -> None:
    paths = []
    for number in range(6):
        path = tmp_path / f"{number}.pdf"
        page = [(72.0, 700.0, 12.0, f"合同编号：{number}")]
        path.write_bytes(pdf(*[page] * (6 - number)))
        paths.append(path)
    assert [line["file"] for line in read_files(paths)] == [str(path) for path in paths]


def test_a_line_has_the_promised_keys(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "合同.txt"
    path.write_text("买卖合同\n合同编号：甲-1\n", encoding="utf-8")
    line = next(read_files([path], text=True))
    assert list(line) == [*KEYS, "problems", "refused", "seconds"]
    assert line["text"].startswith("买卖合同")
    assert "text" not in next(read_files([path]))
    json.dumps(line)


def test_a_file_that_is_missing_is_a_refused_line(tmp_path: pathlib.Path) -> None:
    line = next(read_files([tmp_path / "没有.pdf"]))
    assert line["refused"]["code"] == "reading.missing"
    assert line["refused"]["message"]
    assert line["pages"] == 0
