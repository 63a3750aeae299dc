"""台账行: every row of an imported ledger is kept as written, and found by what files are matched by."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.values import PaperIn
from qidang.intake.models import LedgerRow, RowState, SheetImport
from qidang.intake.models.row import plain_path
from qidang.intake.sheets import bring, bring_in
from qidang.kit.sheets import write_sheet
from qidang.vault import put
from qidang.vault.models import Blob

HEADINGS = ["合同编号", "合同名称", "客户名称", "合同金额", "签订日期", "文件路径", "老板签字"]
ROWS = [
    ["QMJ-01", "车床买卖合同", "澄湖机电有限公司", "128000", "2026.3.5", "2026\\三月\\QMJ-01.pdf", "已签"],
    ["QMJ-02", "铣床买卖合同", "远帆设备有限公司", "约十万", "2026-04-01", "", "未签"],
]


@pytest.fixture
def sheet(cast: Cast) -> SheetImport:
    """A ledger that was imported: one good row, one bad one."""
    sheet = bring(write_sheet(ROWS, HEADINGS), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))
    bring_in(sheet, by=cast.archivist)
    return sheet


def test_every_row_is_kept_with_all_its_cells(sheet: SheetImport) -> None:
    good, bad = LedgerRow.objects.filter(sheet=sheet)
    assert (good.number, good.state, good.contract) == (2, RowState.REGISTERED, Contract.objects.get())
    assert (bad.number, bad.state, bad.contract) == (3, RowState.REFUSED, None)
    assert bad.problems[0]["code"] == "intake.bad_amount"
    assert good.texts[6] == "已签"
    assert sheet.headings == HEADINGS


def test_cells_lie_sealed(sheet: SheetImport) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM intake_ledgerrow WHERE sheet_id = %s", [sheet.pk])
        kept = [row[0] for row in cursor.fetchall()]
    assert all(one.startswith("qs1.") for one in kept)


def test_a_row_is_found_by_number_path_and_what_it_says(sheet: SheetImport) -> None:
    rows = LedgerRow.objects.all()
    day = dt.date(2026, 3, 5)
    assert rows.numbered("ｑｍｊ-01").get().number == 2
    assert rows.with_path("2026/三月/QMJ-01.pdf").get().number == 2
    assert rows.alike(counterparty="澄湖机电 有限公司", amount=Decimal(128000), signed_on=day).get().number == 2
    assert not rows.numbered(" ").exists()
    assert not rows.alike(amount=Decimal(128001)).exists()


def test_a_row_is_unmatched_until_its_contract_has_a_paper(sheet: SheetImport, cast: Cast) -> None:
    row = LedgerRow.objects.unmatched().get()
    assert row.contract is not None
    row.contract.add_document(PaperIn(blob=Blob.objects.keep(put(b"x")), filename="x.txt"), by=cast.archivist)
    assert not LedgerRow.objects.unmatched().exists()


def test_rows_are_seen_by_who_sees_their_batch(sheet: SheetImport, cast: Cast) -> None:
    assert LedgerRow.objects.visible_to(cast.archivist).count() == 2
    assert not LedgerRow.objects.visible_to(cast.salesperson).exists()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("D:\\合同\\a.pdf", "合同/a.pdf"),
        ("\\\\nas\\合同\\a.pdf", "nas/合同/a.pdf"),
        ("./a.pdf", "./a.pdf"),
        ('"a b.pdf" ', "a b.pdf"),
    ],
)
def test_paths_are_kept_with_one_kind_of_slash(written: str, kept: str) -> None:
    assert plain_path(written) == kept
