"""命名规则: 档号_合同名称_客户_签订日期_版本."""

from hypothesis import given
from hypothesis import strategies as st

from qidang.cast import Cast
from qidang.contracts.models import Contract, Version
from qidang.holdings.filing import file, file_later
from qidang.holdings.naming import download_name, safe, suffix
from qidang.holdings.tests.conftest import Maker, a_paper


def version_of(contract: Contract) -> Version:
    return contract.documents.order_by("id").last().latest  # type: ignore[union-attr]


def test_a_filed_contract_goes_out_under_its_reference(cast: Cast, signed: Maker) -> None:
    contract = signed(paper=a_paper("扫描 01.PDF"))
    file(contract, year=2026, retention="D30", org="XSB", by=cast.archivist)
    assert (
        download_name(contract, version_of(contract))
        == "Q001-HT·2026-D30-XSB-0001_数控车床买卖合同_苏州澄湖机电有限公司_20260305_V1.pdf"
    )


def test_a_later_paper_goes_out_under_its_own_reference(cast: Cast, signed: Maker) -> None:
    contract = signed()
    file(contract, year=2026, retention="D30", org="XSB", by=cast.archivist)
    late = contract.add_document(a_paper("验收单.jpg"), by=cast.salesperson)
    file_later(late, by=cast.archivist, year=2026)
    assert download_name(contract, late.latest).startswith("Q001-HT·2026-D30-XSB-0002_")


def test_an_unfiled_contract_goes_out_under_its_number(cast: Cast, signed: Maker) -> None:
    contract = signed(signed_on=None)
    name = download_name(contract, version_of(contract))
    assert name == f"{safe(contract.number, 75)}_数控车床买卖合同_苏州澄湖机电有限公司_未签订_V1.pdf"


def test_the_longest_name_is_cut_and_keeps_its_five_parts(cast: Cast, signed: Maker) -> None:
    contract = signed(title="设备买卖合同" * 40, counterparty_name="客户有限公司" * 30, paper=a_paper("a.docx"))
    file(contract, year=2026, retention="D30", org="XSB", by=cast.archivist)
    name = download_name(contract, version_of(contract))
    assert len(name.encode()) <= 200
    assert len(name.split("_")) == 5 and name.endswith("_20260305_V1.docx")


@given(st.text(max_size=80), st.integers(3, 75))
def test_no_part_of_a_name_can_lead_elsewhere(text: str, limit: int) -> None:
    part = safe(text, limit)
    assert len(part.encode()) <= limit
    assert not set(part) & set('\\/:*?"<>|_\0\n\t\u202e\u200b')
    assert part == part.strip(". -")


def test_only_usual_suffixes_go_along() -> None:
    assert [suffix(name) for name in ("a.PDF", "a", "a.很长", "a.tar.gz", "../.x", "a.exe/")] == [
        ".pdf",
        "",
        "",
        ".gz",
        "",
        ".exe",
    ]
