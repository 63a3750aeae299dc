"""收件 by command: without a worker at hand the command reads what it received by itself."""

import pathlib

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company
from qidang.intake import commands
from qidang.intake.commands import take_in
from qidang.intake.models import Batch, State
from qidang.intake.tests.conftest import contract_text


def test_more_files_than_one_transaction_takes_are_all_read_and_what_cannot_be_taken_is_named(
    cast: Cast, our_company: Company, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "AT_ONCE", 2)
    for number in range(5):
        text = contract_text(number=f"QMJ-XS-2026-{number:04d}", amount=f"{number + 1}28000.00") * (number + 1)
        (tmp_path / f"{number}.txt").write_text(text)
    (tmp_path / "空.txt").touch()
    (tmp_path / "~$0.docx").write_bytes(b"x")
    (tmp_path / "旧").mkdir()
    (tmp_path / "旧/Thumbs.db").write_bytes(b"x")
    paths = [tmp_path, tmp_path / "没有.pdf"]
    lines = list(take_in(paths, by=cast.archivist, confirm=False, worker_runs=False))
    assert [line["code"] for line in lines if line["state"] == "refused"] == ["intake.file_missing"]
    skipped = {line["file"]: line["code"] for line in lines if line["state"] == "skipped"}
    assert skipped == {
        f"{tmp_path.name}/空.txt": "intake.empty_file",
        f"{tmp_path.name}/~$0.docx": "intake.litter",
        f"{tmp_path.name}/旧/Thumbs.db": "intake.litter",
    }
    assert len(lines) == 9
    arrivals = Batch.objects.get().arrivals
    assert {one.path for one in Batch.objects.get().skipped.all()} == set(skipped)
    assert arrivals.count() == 5
    assert not arrivals.filter(state__in=[State.WAITING, State.READING]).exists()
