"""Papers that nobody filled in, and papers that are no contracts: nothing may be read into them."""

import pathlib
import time

from qidang.reading.fields import extract
from qidang.reading.paper import Line, Page, Paper

NEVER = ("contract_no", "amount_incl_tax", "bank_accounts", "seller_uscc", "buyer_uscc", "amount_in_words", "vat_rate")
PRINTED = {  # these templates are samples with values in them, or print a number of their own
    "加工承揽_jiagonght13_加工承揽合同(附加工承揽合同样本)",
    "加工承揽_jiagonght09_来件装配协议书（轻工）",
    "技术转让_jishuzr11_国际技术转让合同（一）",
    "技术转让_jishuzr29_雷诺士烟草国际（亚洲太平洋地区）有限公司华美卷烟有限公司技术转让合同",
    "金融_jinronght01_包买票据合同",
    "进出口_jinkouht20_国际采购招标合同",
}
SECONDS = 1.0


def _paper(path: pathlib.Path) -> Paper:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    return Paper("text/plain", [Page(1, lines=[Line(line) for line in text.splitlines()], source="flow")])


def test_blank_templates_have_no_number_amount_account_or_day(shared: pathlib.Path) -> None:
    wrong = []
    for path in sorted((shared / "data/contracts_zh/templates_txt").glob("*/*.txt")):
        if path.stem in PRINTED:
            continue
        fields = extract(_paper(path)).fields
        wrong += [(path.stem, name) for name in (*NEVER, "sign_date") if fields[name]]
    assert wrong == []


def test_letters_and_court_papers_are_no_contracts(shared: pathlib.Path) -> None:
    taken = [
        path.stem
        for path in sorted((shared / "data/contracts_zh/negatives_noncontract_txt").glob("*.txt"))
        if extract(_paper(path)).is_contract
    ]
    assert all("合同" in name or "协议" in name for name in taken), taken
    assert len(taken) <= 7


def test_most_templates_are_contracts(shared: pathlib.Path) -> None:
    papers = sorted((shared / "data/contracts_zh/templates_txt").glob("*/*.txt"))
    assert sum(extract(_paper(path)).is_contract for path in papers) >= 138


def test_no_paper_takes_long(shared: pathlib.Path) -> None:
    for path in sorted((shared / "data/contracts_zh/templates_txt").glob("*/*.txt")):
        started = time.process_time()
        extract(_paper(path))
        assert time.process_time() - started < SECONDS, path.stem
