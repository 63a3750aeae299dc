"""Papers made to be slow: the fields of each are read, or not, in bounded time."""

import time

import pytest

from qidang.reading.fields import NAMES
from qidang.reading.tests.extracting import extraction_of

HEAD = "买卖合同\n供方：温州聿拓机电有限公司\n需方：嘉兴屿瀚贸易有限公司\n双方协商一致，签订本合同，一式两份。\n"
TAIL = "\n供方（章）：温州聿拓机电有限公司　代表：宋敏"
ENGLISH = """SALES AGREEMENT
This Agreement is made as of March 5, 2024 by and between Lanwood Ltd. ("Seller") and Harbour GmbH ("Buyer").
The parties agree as follows: the term of this Agreement is two years from the date of this Agreement, and the total
price of the goods that the Seller delivers to the Buyer shall be paid by the Buyer to the Seller within thirty days.
"""
LETTERS = 30_000
SECONDS = 3.0


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        " ",
        "中",
        "甲方：",
        "（",
        "合同总价",
        "2024年3月5日",
        "争议",
        "30%",
        "定金",
        "（以下简称甲方）",
        "开户银行：",
        "甲\n",
        "1\t",
        "A ",
        "付款方式：",
    ],
)
def test_a_paper_of_one_piece_repeated_is_read_in_bounded_time(piece: str) -> None:
    started = time.process_time()
    extraction = extraction_of(HEAD + piece * (LETTERS // len(piece)) + TAIL)
    assert time.process_time() - started < SECONDS
    assert set(extraction.fields) == set(NAMES)


@pytest.mark.parametrize(
    "piece",
    [
        "Arden ",
        "Arden Ltd. ",
        "A & ",
        "by and between ",
        "(“",
        "Party A: ",
        "total price ",
        "total price of $1,000 ",
        "March 5, 2024 ",
        "effective ",
        "term of two years ",
        "laws of ",
        "govern English ",
        "By: ",
        "agreement commence ",
        "甲 Ltd ",
    ],
)
def test_a_paper_in_english_of_one_piece_repeated_is_read_in_bounded_time(piece: str) -> None:
    started = time.process_time()
    extraction = extraction_of(ENGLISH + piece * (LETTERS // len(piece)) + "\nIN WITNESS WHEREOF\nBy: ____")
    assert time.process_time() - started < SECONDS
    assert set(extraction.fields) == set(NAMES)


def test_an_empty_paper_has_no_fields() -> None:
    extraction = extraction_of("")
    assert not extraction.is_contract
    assert not any(extraction.fields.values())
