"""qidang onboard: an invented ledger with its folders, to the gaps on both sides."""

import pathlib

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.intake.onboarding import Brought, onboard
from qidang.kit.refusal import Refused
from qidang.samples.onboarding import make

pytestmark = pytest.mark.django_db


def test_a_ledger_with_folders_comes_in_by_command(cast: Cast, our_company: Company, tmp_path: pathlib.Path) -> None:
    made = make(tmp_path, rows=40, files=28, seed=3)
    brought = Brought([made.ledger.parent], unit="QMJ")
    *lines, last = onboard(brought, by=cast.archivist, worker_runs=False)
    refused = {deal.number for deal in made.deals if deal.error in ("amount", "date")}
    rows = [line for line in lines if line["kind"] == "row"]
    assert {line["number"] for line in rows if line["state"] == "refused"} == refused
    assert all(line["code"] for line in rows if line["state"] == "refused")
    served = {deal.number for deal in made.deals if deal.has_file} - refused
    files = [line for line in lines if line["kind"] == "file"]
    assert {line["contract"] for line in files if line["contract"]} == served
    assert all(line["sure"] == "certain" for line in files if line["match"] == "standing")
    assert (last["files"], last["paired"]) == (28, len(served))
    assert last["files_left"] == 28 - len(served)
    assert last["rows_left"] == Contract.objects.count() - len(served)
    assert last["refused"] == len(refused)


def test_a_folder_without_a_ledger_is_refused(cast: Cast, tmp_path: pathlib.Path) -> None:
    with pytest.raises(Refused) as refused:
        list(onboard(Brought([tmp_path]), by=cast.archivist, worker_runs=False))
    assert refused.value.code == "intake.no_ledger"
