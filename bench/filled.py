"""Fill the blanks of contract templates with invented values, to see what extraction makes of contracts it never saw.

usage: python -m bench.filled TEMPLATE… --to FOLDER [--seed N]

Writes FOLDER/<name>.txt and FOLDER/gold.json (what was filled in, as far as the label says which field it is). The
names are invented; the templates are only read where they are and are not part of the product.
"""

import argparse
import decimal
import json
import pathlib
import random
import re

from qidang.kit.amounts import in_words
from qidang.reading.fields.vocabulary import words

STEMS = words("""
    澜宸 骐垦 聿拓 屿瀚 衡弈 翌源 拓湛 砚芃 霁辰 禾簌 垚川 铭柏 旭帆 黛榛 皓弈
    予帆 蔚垦 恒芃 澎帆 骁漾 岚启 沐衡 钧越 琮和 晟屹
""")
CITIES = words("杭州 宁波 苏州 南京 合肥 武汉 长沙 成都 西安 郑州 济南 青岛 厦门 广州 深圳 天津 沈阳 南昌 昆明 贵阳")
TRADES = words("机电 建材 食品 环保设备 阀门 电缆 纺织 物流 装饰工程 勘测设计 自动化 仪器 农业发展 信息技术 广告传媒")
FORMS = ["有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司"]
SURNAMES = "陈罗邓董沈程王马曹赵于林胡李宋曾袁许高邱崔贺"
GIVEN = words("志远 晓燕 国强 雪梅 思源 德明 卫东 丽娟 子轩 若兰 浩然 宏伟 春生 立新 少华 金龙 敏 涛 静 嘉怡")
BANKS = words("中国工商银行 中国农业银行股份有限公司 中国建设银行 交通银行 招商银行股份有限公司 兴业银行")

BLANK = r"(?:[＿_]{2,}|×{2,}|[Xx]{3,})"


class Filler:
    """Invents values, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.gold: dict = {"signatories": [], "bank_accounts": [], "amounts": [], "dates": []}
        self.names = [self.company(), self.company()]
        self.sides: dict[str, int] = {}
        self.signed = f"20{self.dice.randint(22, 25)}-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}"

    def company(self) -> str:
        city, stem = self.dice.choice(CITIES), self.dice.choice(STEMS)
        tail = self.dice.choice(TRADES) + self.dice.choice(FORMS)
        return f"{stem}（{city}）{tail}" if self.dice.random() < 0.4 else f"{city}{stem}{tail}"

    def person(self) -> str:
        return self.dice.choice(SURNAMES) + self.dice.choice(GIVEN)

    def number(self) -> str:
        prefix = self.dice.choice(["HT", "XS", "CG", "FW", "JSZX"])
        return f"{prefix}-20{self.dice.randint(22, 25)}-{self.dice.randint(1, 999):03}"

    def date(self, iso: str | None = None) -> str:
        iso = iso or f"20{self.dice.randint(22, 26)}-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}"
        year, month, day = iso.split("-")
        self.gold["dates"].append(iso)
        return self.dice.choice(
            [f"{year}年{int(month)}月{int(day)}日", f"{year}年{month}月{day}日", iso, f"{year}.{int(month)}.{int(day)}"]
        )

    def amount(self) -> str:
        value = self.dice.choice([self.dice.randint(10, 900) * 100, self.dice.randint(2000, 900000)])
        self.gold["amounts"].append(f"{value:.2f}")
        return self.dice.choice([f"{value:,}", f"{value:,.2f}", f"{value}"])

    def total(self) -> str:
        value = self.dice.randint(200, 90000) * 10
        self.gold.setdefault("totals", []).append(f"{value:.2f}")
        words = in_words(decimal.Decimal(value))
        return self.dice.choice(
            [
                f"人民币{value:,}元",
                f"人民币{words}（￥{value:,.2f}）",
                f"￥{value:,.2f}元（大写：{words}）",
                f"{value / 10000:g}万元",
                f"{value:,.2f}元",
                f"人民币（大写）{words}（小写：￥{value}.00元）",
            ]
        )

    def words(self) -> str:
        value = self.dice.randint(200, 90000) * 10
        self.gold.setdefault("totals", []).append(f"{value:.2f}")
        return in_words(decimal.Decimal(value)) + self.dice.choice(
            ["", f"（￥{value:,.2f}）", f"（小写：{value:,.2f}元）"]
        )

    def account(self) -> str:
        number = "".join(str(self.dice.randint(0, 9)) for _ in range(self.dice.choice([15, 16, 19])))
        number = "6" + number[1:]
        self.gold["bank_accounts"].append({"account": number})
        return number

    def bank(self) -> str:
        return self.dice.choice(BANKS) + self.dice.choice(CITIES) + self.dice.choice(["高新", "滨江", "城东"]) + "支行"

    def address(self) -> str:
        district, street = (
            self.dice.choice(["滨江", "高新", "江夏", "余杭"]),
            self.dice.choice(["文一", "长岭", "海泰"]),
        )
        return f"{self.dice.choice(CITIES)}市{district}区{street}路{self.dice.randint(1, 900)}号"

    def phone(self) -> str:
        return f"0{self.dice.randint(21, 29)}-{self.dice.randint(20000000, 89999999)}"

    def signer(self) -> str:
        name = self.person()
        self.gold["signatories"].append({"name": name})
        return name


ROLE = (
    r"(?:甲|乙|供|需|买|卖|承揽|定作|委托|受托|出租|承租|发包|承包|承接|托运|承运|转让|受让|居间|顾问|委托|承担|建设|"
    r"勘察|施工|研究开发|让与|许可|被许可|广告客户或代理单位|广告发布单位)(?:方|人|单位|单位名称|名称)?"
)
TOTALS = (
    r"总价款?|总金额|总值|价款或酬金|酬金|报酬|总计|运费|租金标准|租金|使用费|成交金额|总造价|费用总额|合同价款|"
    r"合同总价|货款总额|加工费|服务费|代理费|咨询费"
)
RULES = [
    (r"(?:合计人民币|总金额|合计金额|金额合计|合计)[^。，]{0,6}大写）?[:：]?$", "words"),
    (rf"(?:{TOTALS})(?:为|共计)?[:：]?$", "total"),
    (r"(?:合同|协议|确认书)(?:编号|号码|号)\s*[:：]?$|^\s*编\s*号[:：]$", "number"),
    (r"(?:签订|签约|签字|订立|签署)(?:合同)?(?:日期|时间)[:：]?$|日　*期[:：]$", "signed"),
    (r"(?:签订|签约|签字|订立)(?:合同)?地(?:点)?[:：]?$", "place"),
    (r"开户　?银?行[:：]?$", "bank"),
    (r"(?:帐|账)　*[号户][:：]?$", "account"),
    (r"(?:代表人?|代理人|负责人|签字|签名|经理)(?:（[^）]{1,8}）)?[:：]?$", "signer"),
    (r"(?:地　*址|住　*[所址])[:：]?$", "address"),
    (r"(?:电　*话(?:　*号码)?|传　*真)[:：]?$", "phone"),
    (r"邮政　?编码[:：]?$", "post"),
    (r"(?:电挂|电报挂号|电报　*挂号|电传|电　　传|电报)[:：]?$", "slash"),
    (rf"{ROLE}(?:（[^）]{{1,12}}）)?(?:为)?\s*[:：]?\s*$", "party"),
]


def fill(text: str, filler: Filler) -> str:
    """Return the template with its blanks filled."""
    text = re.sub(
        r"(?:一九|１９|19|20)?[＿_　×]{0,8}年[＿_　×]{1,8}月[＿_　×]{1,8}日", lambda m: _day(text, m, filler), text
    )
    lines = [_line(line, filler) for line in text.split("\n")]
    return "\n".join(lines)


def _day(text: str, match: re.Match, filler: Filler) -> str:
    before = text[max(0, match.start() - 16) : match.start()]
    late = match.start() > len(text) * 0.85 or re.search(r"签(?:订|约|字)(?:日期|时间)?[:：　 ]*$", before)
    if late and not re.search(r"自|至|鉴|审查|公证", before[-8:]):
        filler.gold.setdefault("sign_date", filler.signed)
        return filler.date(filler.signed)
    return filler.date()


def _line(line: str, filler: Filler) -> str:
    count: dict[str, int] = {}

    def replace(match: re.Match) -> str:
        before, after = line[: match.start()], line[match.end() :]
        return _value(before, after, filler, count)

    line = re.sub(BLANK, replace, line)
    return re.sub(r"(?<=[:：])　{2,}(?=[^　\n]|$)|(?<=[:：])$", lambda m: _after_colon(line, m, filler, count), line)


def _after_colon(line: str, match: re.Match, filler: Filler, count: dict[str, int]) -> str:
    before = re.split(r"　{2,}|│", line[: match.start()])[-1]
    if len(before) > 24:
        return match[0]
    value = _value(line[: match.start()], line[match.end() :], filler, count, strict=True)
    return value + ("　　　" if match[0] else "") if value else match[0]


def _value(before: str, after: str, filler: Filler, count: dict[str, int], strict: bool = False) -> str:
    here = re.split(r"[。；，,│]|　{2,}", before)[-1].rstrip()
    for pattern, kind in RULES:
        if re.search(pattern, here):
            return _of_kind(kind, here, before, after, filler, count)
    if strict:
        return ""
    if re.match(r"\s*(?:元|美元|万元)", after):
        return filler.amount()
    if re.match(r"\s*(?:％|%)", after):
        return str(filler.dice.choice([1, 3, 5, 10, 30]))
    if re.match(r"\s*(?:仲裁委员会)", after):
        filler.gold["institution"] = filler.dice.choice(CITIES) + "仲裁委员会"
        return filler.gold["institution"][:2]
    if re.match(r"\s*(?:个?工作日|日|天|年|个?月|份|台|吨|次|小时|名)", after):
        return str(filler.dice.randint(2, 30))
    if re.match(r"公司", after):
        return filler.company()[:-2]
    return filler.dice.choice(["按国家标准执行", "双方另行约定", "无"])


def _of_kind(kind: str, here: str, before: str, after: str, filler: Filler, count: dict[str, int]) -> str:
    count[kind] = count.get(kind, 0) + 1
    if kind == "number":
        return filler.gold.setdefault("contract_no", filler.number())
    if kind == "signed":
        filler.gold["sign_date"] = filler.signed
        return filler.date(filler.signed)
    if kind == "place":
        return filler.gold.setdefault("sign_place", filler.dice.choice(CITIES) + "市")
    if kind == "party":
        role = re.search(ROLE, here[-16:])[0]
        side = filler.sides.setdefault(
            role, len(set(filler.sides.values())) % 2 if len(filler.sides) < 2 else len(filler.sides) % 2
        )
        alias = re.search(r"(?:简称|称)“?([甲乙])方", here + after[:20])
        name = filler.names[side]
        if alias:
            filler.gold["party_" + {"甲": "a", "乙": "b"}[alias[1]]] = name
        if role[0] in "甲乙":
            filler.gold["party_" + {"甲": "a", "乙": "b"}[role[0]]] = name
        return name[:-2] if after.startswith("公司") else name
    if kind in ("post", "slash"):
        return "／" if kind == "slash" else "310012"
    return getattr(filler, kind)()


def main() -> None:
    """Fill each template once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("templates", nargs="+")
    parser.add_argument("--to", required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    folder = pathlib.Path(args.to)
    folder.mkdir(parents=True, exist_ok=True)
    golds = {}
    for n, name in enumerate(args.templates):
        text = pathlib.Path(name).read_text("utf-8", "replace")
        filler = Filler(args.seed * 1000 + n)
        out = folder / (pathlib.Path(name).stem + ".txt")
        out.write_text(fill(text, filler), "utf-8")
        golds[out.name] = filler.gold
    (folder / "gold.json").write_text(json.dumps(golds, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
