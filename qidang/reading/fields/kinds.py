"""合同类型: which of the eight types a contract is, by the words of its title and its body."""

import re

SALE, WORK, BUILD, CARRY, LEASE, TECH, SERVE, OTHER = (
    "买卖合同", "承揽合同", "建设工程合同", "运输合同", "租赁合同", "技术合同", "服务合同", "其他",
)  # fmt: skip
TITLES = {
    SALE: (
        r"买卖|购销|采购|销售|订购|定购|订货|供货|供应|进口|出口|交易|商业合同|贸易|成套设备|货物贸易|销售确认书|购买|"
        r"收购|售货|供销|转卖|物资|房产转让|商品房"
    ),
    WORK: r"加工|承揽|定作|定做|来件装配|来料|测绘|印刷|修理|制作|维修|修缮|承制|改装|翻译",
    BUILD: (
        r"建设工程|建筑工程|建筑安装|安装工程|土木|施工|勘察|工程设计|设计合同|装修|装饰|承包工程|工程承包|建设项目|"
        r"建筑|监理"
    ),
    CARRY: r"运输|货运|航次|承运|物流|快递|托运|客运|配送|租船|海运|联运",
    LEASE: r"租赁|租用|出租|承租|租房|光船",
    TECH: r"技术|专利|专有技术|软件|许可证|研制|(?<!房地产)开发|计算机|科研",
    SERVE: (
        r"服务|居间|中介|广告|律师|法律顾问|委托|经纪|物业|培训|咨询|代理|聘请|保洁|保安|策划|顾问|维护|养护|维保|"
        r"网站|保养|检测|清洗|安保|演出"
    ),
    OTHER: (
        r"劳动|劳务|借款|借贷|贷款|抵押|担保|保证|保险|合资|联营|合伙|合作|土地|承包经营|经营承包|仓储|保管|供用电|"
        r"供用水|赠与|遗赠|聘用|股权|期货|承兑|质押|版权|出版|商标|招聘|停薪|信托|入股|承包"
    ),
}
BODIES = {
    SALE: r"供方|需方|买方|卖方|售方|采购方|供应方|出卖人|买受人",
    WORK: r"承揽方|定作方|定作人|承揽人|加工费|装配费|定作物",
    BUILD: r"发包人|承包人|发包方|承包方|业主|工程师|建设单位|施工|竣工|工程造价|勘察|设计费|设计文件|监理",
    CARRY: r"托运人|托运方|承运人|承运方|提单|船东|运费|货物运输|收货人|装车",
    LEASE: r"出租方|承租方|出租人|承租人|租赁物|租金|租赁期",
    TECH: r"受让方|许可方|技术资料|提成|合同产品|研究开发|技术秘密|专利权|顾问方|技术成果|研制",
    SERVE: r"居间|佣金|服务费|律师|广告|委托方|受托方|服务内容|培训",
    OTHER: r"贷款人|借款人|合营公司|聘期|保险金额|董事会|存货方|投保人|保管方|用电方|抵押|劳动合同|工资|储存",
}
TITLE_PATTERNS = {kind: re.compile(words) for kind, words in TITLES.items()}
BODY_PATTERNS = {kind: re.compile(words) for kind, words in BODIES.items()}
AWAY = re.compile(r"(?:请求书|委托书|货票|笔录|规格|服务条款|章程|报告|担保书|质押书|保险单)$")


def contract_type(title: str, text: str) -> tuple[str, float]:
    """Return the type and how sure it is: hits in the title weigh by how late they stand, others by density."""
    title = re.sub(r"\s", "", title)
    if AWAY.search(title):
        return OTHER, 0.7
    size = max(1000, len(text))
    scores: dict[str, float] = {}
    for kind, pattern in TITLE_PATTERNS.items():
        hits = list(pattern.finditer(title))
        score = 5 + 2 * hits[-1].end() / max(1, len(title)) if hits else 0.0
        score += min(4.0, 500 * len(BODY_PATTERNS[kind].findall(text)) / size)
        scores[kind] = score
    _overrides(title, text, scores)
    ordered = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ordered[:2]
    if scores[best] < 3:
        return OTHER, 0.5
    return best, 0.95 if scores[best] - scores[second] >= 2 else 0.6


def _overrides(title: str, text: str, scores: dict[str, float]) -> None:
    """Weigh the hard pairs: 技术服务 is 技术, 加工订货 is 承揽, 工程租赁 is 租赁, 劳务 and 承包经营 are others."""
    if re.search(r"技术(?:服务|咨询|开发|转让)|委托(?:开发|研制)", title):
        scores[TECH] += 6
    if re.search(r"加工.{0,2}订货|订作|定作", title):
        scores[WORK] += 8
    if re.search(r"(?:租赁|承租)(?:合同|协议)", title) and "承租经营" not in title:
        scores[LEASE] += 3
    if re.search(r"运输(?:合同|协议)", title):
        scores[CARRY] += 2
    if re.search(
        r"(?:仓储|保管|借款|抵押|劳动|联营|合资|承包经营|土地使用|聘用|房地产开发|工作人员|劳务|供用[电水气])", title
    ):
        scores[OTHER] += 3
    if re.search(r"(?:工程|建筑|勘察|设计|施工|监理).{0,6}(?:合同|协议)", title) and not re.search(
        r"技术|租赁|采购|购销", title
    ):
        scores[BUILD] += 2
    if re.search(r"律师|法律顾问|居间|广告|物业", title):
        scores[SERVE] += 2
