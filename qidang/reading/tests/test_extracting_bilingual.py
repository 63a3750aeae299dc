"""Contracts in Chinese and English, beside and under each other: one value a field, the parties in both languages."""

import pytest

from qidang.reading.fields.languages import BOTH, CHINESE, ENGLISH, english_side, language_of
from qidang.reading.paper import Extraction
from qidang.reading.tests.extracting import extraction_of, sample

UNDER = """销售合同
SALES CONTRACT
合同编号 Contract No.: HM-2025-0417
签订日期 Date: 2025年4月17日 April 17, 2025
卖方：苏州禾木光学有限公司
The Seller: Suzhou Hemu Optics Co., Ltd.
买方：诺德维克测量技术有限公司
The Buyer: Nordvik Messtechnik GmbH
本合同由买卖双方订立，买卖双方同意按下列条款买卖货物。
This Contract is made by and between the Seller and the Buyer; the Seller agrees to sell and the Buyer agrees to buy the
goods under the terms below.
品名	规格	数量	单价	总价
光学镜头 Lens	HM-50	100只	EUR 480.00	EUR 48,000.00
合同总价：EUR 48,000.00（大写：肆万捌仟欧元整）
Total Contract Price: EUR 48,000.00 (SAY EUROS FORTY EIGHT THOUSAND ONLY)
本合同自2025年5月1日起生效，有效期二年。
This Contract shall come into force on May 1, 2025 and its term is two (2) years.
适用法律：本合同的订立、效力、解释和履行适用中华人民共和国法律。
Governing law: This Contract shall be governed by the laws of the People's Republic of China.
本合同以中英文书就，两种文本如有不一致，以中文文本为准。
This Contract is written in Chinese and English. In case of any discrepancy, the Chinese version shall prevail.
卖方（盖章）：	买方（盖章）：
"""
BESIDE = """采购合同	PURCHASE CONTRACT
合同编号：QH-2025-09	Contract No.: QH-2025-09
甲方（买方）：上海青禾检测有限公司	Party A (Buyer): Shanghai Qinghe Testing Co., Ltd.
乙方（卖方）：雅登谷仪器有限公司	Party B (Seller): Arden Vale Instruments Ltd.
双方经协商一致，订立本合同。	The parties have agreed to enter into this Contract as follows.
第一条 合同总价为120,000.00美元，含运费。	Article 1 The total contract price is USD 120,000.00, freight included.
第二条 本合同自签订之日起生效。	Article 2 This Contract shall come into force on the date of signing.
第三条 本合同适用中华人民共和国法律，按其解释。	Article 3 This Contract is governed by the laws of the PRC.
第四条 中英文本具有同等效力。	Article 4 Both language versions shall be equally authentic.
签订日期：2025年2月18日	Date: February 18, 2025
"""
SERVICE = """SERVICE AGREEMENT
服务协议
Party A: Arden Vale Instruments Ltd.
甲方：雅登谷仪器有限公司
Party B: Shanghai Qinghe Testing Co., Ltd.
乙方：上海青禾检测有限公司
This Agreement is entered into by and between Party A and Party B on March 3, 2025.
本协议由甲乙双方于2025年3月3日签订，双方协商一致，达成如下协议。
Party B shall provide calibration services to Party A. The total service fee is USD 36,500.00.
乙方向甲方提供校准服务，服务费总额为36,000.00美元。
The term of this Agreement is three (3) years and it shall expire on March 2, 2028.
This Agreement shall be governed by the laws of Hong Kong.
In the event of any inconsistency between the two languages, the {language} version shall prevail.
"""


def values(extraction: Extraction) -> dict[str, object]:
    """Return the values that were read."""
    return {name: found.value for name, found in extraction.fields.items() if found is not None}


def test_a_contract_with_each_clause_in_both_languages_has_one_value_a_field() -> None:
    extraction = extraction_of(UNDER)
    read = values(extraction)
    assert extraction.is_contract
    assert (read["title"], read["contract_type"], read["contract_no"]) == ("销售合同", "买卖合同", "HM-2025-0417")
    assert (read["seller"], read["buyer"]) == ("苏州禾木光学有限公司", "诺德维克测量技术有限公司")
    assert read["english_names"] == {"seller": "Suzhou Hemu Optics Co., Ltd.", "buyer": "Nordvik Messtechnik GmbH"}
    assert "party_a" not in read
    assert "other_parties" not in read
    assert (read["amount_incl_tax"], read["currency"]) == ("48000.00", "EUR")
    assert (read["sign_date"], read["effective_date"]) == ("2025-04-17", "2025-05-01")
    assert (read["governing_law"], read["prevailing_language"]) == ("中华人民共和国", "中文")


def test_a_contract_with_the_languages_beside_each_other_is_filled_from_both() -> None:
    read = values(extraction_of(BESIDE))
    assert (read["title"], read["contract_no"]) == ("采购合同", "QH-2025-09")
    assert (read["buyer"], read["seller"]) == ("上海青禾检测有限公司", "雅登谷仪器有限公司")
    names = {"buyer": "Shanghai Qinghe Testing Co., Ltd.", "seller": "Arden Vale Instruments Ltd."}
    assert read["english_names"] == names
    assert (read["amount_incl_tax"], read["currency"]) == ("120000.00", "USD")
    assert read["sign_date"] == read["effective_date"] == "2025-02-18"
    assert "prevailing_language" not in read


@pytest.mark.parametrize(
    ("language", "amount", "told"), [("English", "36500.00", "英文"), ("Chinese", "36000.00", "中文")]
)
def test_where_the_sides_differ_the_prevailing_one_is_taken_unsurely(language: str, amount: str, told: str) -> None:
    extraction = extraction_of(SERVICE.format(language=language))
    found = extraction.fields["amount_incl_tax"]
    assert found is not None
    assert found.value == amount
    assert found.confidence <= 0.6
    assert values(extraction)["prevailing_language"] == told


def test_what_only_the_english_side_says_is_read_from_it() -> None:
    read = values(extraction_of(SERVICE.format(language="English")))
    assert (read["end_date"], read["governing_law"]) == ("2028-03-02", "Hong Kong")


def test_foreign_names_and_models_make_no_second_language() -> None:
    text, _ = sample("import_sale")
    assert language_of(text) == CHINESE
    assert language_of("品名 " + "LD-200 Nordlicht Messtechnik GmbH Bremen Sensor Module " * 20) != BOTH
    assert language_of(UNDER) == BOTH
    assert language_of("This Agreement is made by and between the parties. " * 10) == ENGLISH


def test_the_english_side_keeps_every_place() -> None:
    side = english_side(UNDER)
    assert len(side) == len(UNDER)
    assert side.index("Nordvik") == UNDER.index("Nordvik")
    assert "卖" not in side
