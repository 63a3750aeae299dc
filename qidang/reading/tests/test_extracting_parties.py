"""Who the parties are: by label, by alias, in columns, down the side; who sells, by words and by verbs."""

import pytest

from qidang.reading.fields.names import is_organisation, is_person, is_place
from qidang.reading.tests.extracting import extraction_of, value_of

ONE, OTHER = "温州聿拓机电有限公司", "屿瀚（嘉兴）贸易有限公司"
HEAD = "设备买卖合同\n"
AGREED = "双方协商一致，签订本合同，一式两份。\n"


@pytest.mark.parametrize(
    "written",
    [
        f"供方：{ONE}\n需方：{OTHER}\n",
        f"供　　方：{ONE}　　　　需　　方：{OTHER}\n",
        f"出卖人（乙方）：{ONE}\n买受人（甲方）：{OTHER}\n",
        f"甲方（采购方）：{OTHER}\n乙方（供应商）：{ONE}\n",
        f"{ONE}为一方（以下简称卖方），{OTHER}为另一方（以下简称买方）。\n",
        f"卖方名称\t{ONE}\t买方名称\t{OTHER}\n",
        f"甲方：{OTHER}\n乙方：{ONE}\n一、甲方向乙方采购设备一批。二、乙方应按期交货，甲方收货后付款。\n",
        f"供方：{ONE}，以下简称甲方；\n需方：{OTHER}，以下简称乙方。\n",
    ],
)
def test_seller_and_buyer_are_found_however_they_are_written(written: str) -> None:
    fields = extraction_of(HEAD + written + AGREED).fields
    assert fields["seller"] and fields["seller"].value == ONE
    assert fields["buyer"] and fields["buyer"].value == OTHER


def test_the_first_party_sells_when_the_verbs_say_so() -> None:
    text = (
        HEAD
        + f"甲方：{ONE}\n乙方：{OTHER}\n甲方应于月底前交货。乙方验收后付款。乙方不得拒收。甲方保证供货。\n"
        + AGREED
    )
    assert value_of(text, "seller") == ONE
    assert value_of(text, "buyer") == OTHER


def test_one_wrong_verb_does_not_turn_the_sides() -> None:
    verbs = "乙方应按期交货。甲方收货后付款。甲方不得拒收。乙方负责送货。甲方供货前应通知乙方。"
    text = HEAD + f"甲方：{OTHER}\n乙方：{ONE}\n{verbs}\n" + AGREED
    assert value_of(text, "seller") == ONE


def test_roles_down_the_side_of_a_box_name_the_parties_beside_them() -> None:
    box = (
        "┌─┬──────────────┬─┬──────────────┐\n"
        f"│　│单位名称（章）：{ONE}│　│单位名称（章）：{OTHER}│\n"
        "│供│法定代表人：宋敏　　　　　　　│需│法定代表人：于涛　　　　　　　│\n"
        "│方│开户银行：温州银行鹿城支行　　│方│开户银行：嘉兴银行南湖支行　　│\n"
        "│　│帐号：733000120190012345　　　│　│帐号：801101010012345678　　　│\n"
        "└─┴──────────────┴─┴──────────────┘\n"
    )
    fields = extraction_of(HEAD + AGREED + box).fields
    assert fields["seller"] and fields["seller"].value == ONE
    accounts = fields["bank_accounts"]
    assert accounts is not None
    assert [(row["party"], row["account"]) for row in accounts.value] == [
        ("seller", "733000120190012345"),
        ("buyer", "801101010012345678"),
    ]


def test_a_lease_has_no_seller() -> None:
    text = f"房屋租赁合同\n出租方（以下简称甲方）：{ONE}\n承租方（以下简称乙方）：{OTHER}\n" + AGREED
    assert value_of(text, "seller") is None
    assert value_of(text, "party_a") == ONE
    assert value_of(text, "party_b") == OTHER


@pytest.mark.parametrize(
    "written",
    ["供方：＿＿＿＿公司\n需方：××公司\n", "供方：　　　电话：\n需方：（盖章）\n", "供方：中国＿公司\n需方：某公司\n"],
)
def test_blanks_are_no_parties(written: str) -> None:
    assert value_of(HEAD + written + AGREED, "seller") is None
    assert value_of(HEAD + written + AGREED, "buyer") is None


@pytest.mark.parametrize("name", ["供电局", "管理局", "本公司", "县(市)食品公司", "贷款银行", "甲方公司盖章"])
def test_kinds_of_companies_are_no_names(name: str) -> None:
    assert not is_organisation(name)


def test_people_have_surnames() -> None:
    assert all(is_person(name) for name in ("宋敏", "欧阳思源", "P. Halloran", "阿依古丽·买买提"))
    assert not any(is_person(name) for name in ("公司", "盖章", "电话", "单位", "无", "签字"))


def test_places_are_places() -> None:
    assert is_place("温州市鹿城区")
    assert is_place("宁波")
    assert not is_place("签订日期")


def test_people_and_accounts_fall_to_the_right_side_across_and_in_turn() -> None:
    across = f"供方：{ONE}（章）　　需方：{OTHER}（章）\n代表：宋敏　　代表：于涛\n地　　址：／　　地　　址：／\n"
    turns = f"供方：{ONE}（盖章）\n需方：{OTHER}（盖章）\n代表：宋敏（签名）\n代表：于涛（签名）\n"
    for tail in (across, turns):
        signers = value_of(HEAD + AGREED + tail, "signatories")
        assert [(row["party"], row["name"]) for row in signers] == [("seller", "宋敏"), ("buyer", "于涛")]


def test_witnesses_do_not_sign_for_a_party() -> None:
    tail = f"供方：{ONE}（盖章）\n代表：宋敏\n需方：{OTHER}（盖章）\n代表：于涛\n见证人：马静\n联系人：许敏\n"
    names = {row["name"] for row in value_of(HEAD + AGREED + tail, "signatories")}
    assert names == {"宋敏", "于涛"}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("合同编号：（2024）购销字第12号", "（2024）购销字第12号"),
        ("合同编号:HT/2024/011", "HT/2024/011"),
        ("合同编号 XS-2024-01　　签订日期 2024-3-5", "XS-2024-01"),
        ("合同编号：2024年第18号", "2024年第18号"),
        ("合同编号：HT 2024 031", "HT 2024 031"),
        ("编号：NO.0003381", "0003381"),
        ("调拨通知书编号：77-1　合同编号：MB-7", "MB-7"),
        ("合同编号：MB2025-022生产厂：某厂", "MB2025-022"),
        ("茶合（2024）字第018号", "茶合（2024）字第018号"),
        ("合同编号：＿＿＿＿", None),
        ("合同编号：　　　号", None),
        ("主合同编号：HT-1", None),
        ("邮政编码：310012　电挂：2231", None),
        ("执行标准编号：GB/T 24827-2015", None),
    ],
)
def test_the_contracts_own_number_is_read_and_no_other(written: str, number: str | None) -> None:
    text = f"设备买卖合同\n{written}\n供方：{ONE}\n需方：{OTHER}\n" + AGREED
    assert value_of(text, "contract_no") == number


@pytest.mark.parametrize(
    ("line", "title", "kind"),
    [
        ("采 购 合 同", "采 购 合 同", "买卖合同"),
        ("《年度供货框架协议》", "年度供货框架协议", "买卖合同"),
        ("产品销售合同 编号：A-12-33", "产品销售合同", "买卖合同"),
        ("设备租赁合同（样本）", "设备租赁合同", "租赁合同"),
        ("技术服务合同", "技术服务合同", "技术合同"),
        ("加工、订货合同", "加工、订货合同", "承揽合同"),
        ("电梯维保合同", "电梯维保合同", "服务合同"),
        ("厂房装修工程施工合同", "厂房装修工程施工合同", "建设工程合同"),
        ("道路货物运输合同", "道路货物运输合同", "运输合同"),
        ("食堂承包经营合同", "食堂承包经营合同", "其他"),
    ],
)
def test_the_title_is_read_and_tells_the_type(line: str, title: str, kind: str) -> None:
    fields = extraction_of(f"{line}\n甲方：{ONE}\n乙方：{OTHER}\n" + AGREED).fields
    assert fields["title"] and fields["title"].value == title
    assert fields["contract_type"] and fields["contract_type"].value == kind
