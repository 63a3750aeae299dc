"""标签: the words by which contracts announce a field, and where they stand in a copy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SELLER = "卖方 售方 供方 出卖人 出卖方 销售方 供应方 供应商 供货方 出售方 供货人 供货商 供货单位 供方单位 销货方 供应单位 销售单位 卖主 卖出方".split()
BUYER = (
    "买方 购方 需方 买受人 买受方 采购方 采购人 购货方 收购方 购买方 需货方 订货方 购货单位 需方单位 采购单位 购买人 定购方 订购方 需求方 买主 "
    "购货人 购买单位"
).split()
FIRST = (
    "出租方 出租人 出租单位 委托方 委托人 委托单位 定作方 定作人 定做方 发包方 发包人 发包单位 建设单位 业主 雇主 托运方 托运人 转让方 让与人 出让方 "
    "出让人 许可方 许可人 聘方 聘请方 用户 存货方 存货人 寄存人 贷款方 贷款人 广告客户或代理单位 广告客户 广告主 出租柜台方 甲方单位 招聘方 赠与人 "
    "用电方 投保方 投保人 演出方 专利权人 技术受让方 用人单位 抵押人 出借方 出借人 委托开发方 咨询委托方 发租人"
).split()
SECOND = (
    "承租方 承租人 承租单位 受托方 受托人 受托单位 承揽方 承揽人 加工方 承包方 承包人 承包单位 承接方 承接单位 施工单位 勘察单位 设计单位 勘察设计单位 "
    "承运方 承运人 受让方 受让人 被许可方 被许可人 受聘方 保管方 保管人 仓储方 借款方 借款人 居间方 居间人 顾问方 承担单位 服务方 服务单位 "
    "广告发布单位 广告发布者 研究开发方 研究开发人 开发方 技术转让方 承租柜台方 乙方单位 监理方 监理人 物业公司 运输方 施工方 设计方 勘察方 安装方 "
    "受演方 供电方 保险方 保险人 修理方 印刷方 培训方 经纪人 经纪方 制作方 技术提供方 技术服务方 咨询方 受赠人 中介方 维修方 保洁方"
).split()
OUTSIDE = "丙方 丁方 担保方 担保人 保证方 保证人 保证单位 见证方 见证人 鉴证方 鉴证机关 公证机关 监证人 市场监证人 交易主持人 经济担保人 主管单位 见证单位".split()
AXES = {"甲方": "a", "乙方": "b"}
AXES |= dict.fromkeys(SELLER, "seller") | dict.fromkeys(BUYER, "buyer")
AXES |= dict.fromkeys(FIRST, "first") | dict.fromkeys(SECOND, "second") | dict.fromkeys(OUTSIDE, "outside")

KINDS = {
    "number": "合同编号 合同号码 合同号 合同书编号 协议编号 协议号 协议书编号 确认书号码 确认书编号 确认书号 销售确认书号 编号 合同No. 合同NO. 合同No 合同NO "
    "合同序号 合约编号 合约号 契约编号 订货合同号 售货确认书号 成交确认书号",
    "not_number": "订单号 订单编号 招标编号 项目编号 鉴证编号 鉴证号 审查号 登记编号 保险单号码 调拨通知书编号 专利号 营业执照号码 营业执照号 营业执照注册号 "
    "许可证号 许可证编号 信用证号 信用证号码 提单号 身份证号码 身份证号 身份证编号 身份证 持有身份证号 资质证书编号 资质证书号 法人委托书号码 发票号码 发票号 "
    "版照号 自编号 运单号 货号 车号 牌号 车牌号 登记号 证书编号 批准文号 房产证号 产权证号 主合同编号 主合同号 原合同编号 总合同编号 商业登记证号 行号 联行号 "
    "中标通知书编号 合同登记编号 工程编号 备案编号 开户许可证号 目录顺序号 经营许可证号 标书编号 货签号码",
    "signed": "合同签订日期 合同签订时间 签订合同日期 签订合同时间 合同订立时间 合同订立日期 订立合同时间 订立合同日期 签订日期 签约日期 签订时间 签约时间 "
    "签字时间 签字日期 签署日期 签署时间 签定日期 签定时间 订立时间 订立日期 签约日 签章日期 签订合同时间",
    "date": "日期",
    "place": "合同签订地点 合同签订地 签订合同地点 订立合同地点 合同订立地点 签订地点 签约地点 签字地点 签署地点 签定地点 订立地点 签约地 签订地 签署地",
    "bank": "开户银行及帐号 开户银行及账号 开户行及帐号 开户行及账号 开户银行名称 开户行名称 开户银行 开户行 收款银行 收款行 往来银行 银行名称",
    "account": "银行帐户号 银行账户号 收款帐号 收款账号 银行帐号 银行账号 银行帐户 银行账户 人民币帐号 人民币账号 美元帐号 美元账号 外币帐号 外币账号 外汇帐号 现汇帐号 基本帐户 基本账户 对公账户 户号 帐户号 账户号 帐号 账号 帐户 账户 银行卡号 卡号",
    "holder": "开户名称 账户名称 帐户名称 账户名 帐户名 开户名 户名 收款单位 收款人",
    "uscc": "统一社会信用代码 社会信用代码 统一信用代码 纳税人识别号 纳税人税号 纳税识别号 税务登记号 税务登记证号 信用代码 税号",
    "address": "通讯地址 通信地址 法定地址 单位地址 公司地址 注册地址 联系地址 办公地址 家庭住址 详细地址 注册住所 住所地 住所 住址 地址",
    "phone": "联系电话 电话号码 办公电话 移动电话 手机号码 联系方式 电话 手机 Tel TEL",
    "fax": "图文传真 传真号码 传真 电传 电报挂号 电报 电挂 邮政编码 邮编 电子邮箱 电子邮件 邮箱 E-mail Email Fax FAX 网址",
    "legal": "法定代表人 法定代表 法人代表 法人 法人代表人",
    "agent": "委托代理人 授权委托人 授权代理人 授权代表人 委托代表人 授权代表 委托代表 全权代表 代理人",
    "rep": "签订合同代表 合同签订代表 授权签字人 签署人 签约人 合同代表 签约代表 签字代表 代表人 代表 主要负责人 负责人 经办人 承办人 经理 业务员 签约人 签字人 签字 签名 签章人 董事长 总经理 厂长",
    "contact": "项目联系人 业务联系人 联系人 项目经理 项目负责人 收货联系人 技术负责人",
    "outsider": "见证人 见证律师 鉴证人 公证人 市场监证人 监证人 交易主持人 鉴证机关 公证机关 鉴证意见 鉴(公)证意见 鉴(公)证机关 收货人 发货人 收件人 介绍人 "
    "签证部门 监理工程师 鉴(公)证 审核人 复核人 开票人 制单人 承运驾驶员 生产厂 生产厂家 发货单位 收货单位 通知人 受益人 付款人 物资主管部门签证意见",
    "name": "单位名称 公司名称 企业名称 单位(人)名称或个人姓名 名称或姓名 姓名或名称 姓名 名称 单位",
}
KIND_OF = {label: kind for kind, labels in KINDS.items() for label in labels.split()}
COLUMN_HEADS = (
    "序号 品名 名称 规格 型号 数量 单位 单价 总价 金额 备注 合计 总计 价格 产地 总值 小计 付款条件 支付条件 包装 装运 保险 品质 商品 货款 目的港 装运期 总额 "
    "乙方 甲方 产品名称 计量单位 牌号商标 运输方式 目的 附件 交货期 工期 租金 押金 争议 附则 其他 其它"
).split()
SIDE_SUFFIX = r"(?:出市|单位|公司|授权|签约|法人|的|方)?"
NAME_SUFFIX = r"(?:单位名称|公司名称|名称|全称|单位|为|公章|签章|盖章|签字盖章|签名|签字)?"
BRACKETS = r"(?P<brackets>(?: ?[(\[][^()\[\]\n\t:]{1,16}[)\]]){0,3})"
SEPARATOR = r"(?P<sep> ?[:;](?=[^\n])[ \t]?| ?[:;](?=\n|$)|[ \t]|(?=\n)|$|(?=[A-Z0-9]))"
AT = r"(?:(?<=[\n\t ;。,:|)])|^)(?:[①-⑳]|\d{1,2}[.、] ?|[(]\d{1,2}[)] ?|[一二三四五六七八九十]{1,3}、|\*)?"
MARKUP = r"(?:签字盖章|签名盖章|签字|签名|签章|盖章|姓名|印章)?"


def _any(words: Iterable[str], gap: str = "") -> str:
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(gap.join(re.escape(char) for char in word) for word in ordered)


ROLE = _any(AXES)
PARTY_MARK = re.compile(rf"{AT}(?P<label>{ROLE}){NAME_SUFFIX}{BRACKETS}{SEPARATOR}")
FIELD_MARK = re.compile(
    rf"{AT}(?:或|及|和)?(?P<side>(?:{ROLE}){SIDE_SUFFIX})?(?P<label>{_any(KIND_OF)})(?P<or>[或及/、](?:{_any(KIND_OF)}))?{MARKUP}{BRACKETS}{SEPARATOR}"
)
LABEL_AHEAD = re.compile(
    rf"(?:(?:{ROLE}){SIDE_SUFFIX})?(?:{_any([*KIND_OF, *AXES, *COLUMN_HEADS])}){MARKUP}{NAME_SUFFIX}(?: ?\([^()\n]{{1,12}}\))*(?=[:\t ]|$)"
)
SPREAD = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_any([w for w in [*KIND_OF, *AXES, *COLUMN_HEADS] if len(w) > 1], ' *')})(?=[ ]*[:(\t]| |$)"
)
GLUED = re.compile(
    rf"(?<=[\u4e00-\u9fffA-Za-z0-9)/.])(?:(?:{ROLE}){SIDE_SUFFIX})?(?:{_any([*(w for w in KIND_OF if len(w) > 1), *AXES, '计量单位', '交货地点', '牌号商标'])})"
    rf"{MARKUP}(?: ?\([^()\n]{{1,8}}\))?:"
)
KNOWN = re.compile(_any([*(w for w in KIND_OF if len(w) > 1), *AXES]))
NEXT_LABEL = re.compile(r"[ \t](?=[\u4e00-\u9fffA-Za-z/()]{2,14} ?:)|[ \t](?=[一二三四五六七八九十]{1,3}、|\d{1,2}[.、] ?[\u4e00-\u9fff])")
ROLE_IN = re.compile(ROLE)


@dataclass(slots=True)
class Mark:
    """A label in the copy: its kind, and the stretch in which its value stands (empty when there is none)."""

    kind: str
    label: str
    start: int
    end: int
    value: tuple[int, int]
    side: str = ""  # the role written before the label: 供方代表 → 供方
    brackets: str = ""
    has_colon: bool = True


def marks_in(text: str) -> list[Mark]:
    """Return the labels of a copy in order, the kind ``party`` for roles; a value ends where the next label begins."""
    hits = [*_hits(PARTY_MARK, text), *_hits(FIELD_MARK, text)]
    hits.sort(key=lambda mark: (mark.start, -mark.end))
    marks: list[Mark] = []
    for mark in hits:
        if not marks or mark.start >= marks[-1].end:
            marks.append(mark)
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        mark.value = _value_of(text, mark, after.start if after else len(text))
    return marks


def _hits(pattern: re.Pattern[str], text: str) -> Iterable[Mark]:
    for match in pattern.finditer(text):
        label, side = match["label"], match.groupdict().get("side") or ""
        kind = KIND_OF.get(label, "party") if pattern is FIELD_MARK else "party"
        sep = match["sep"]
        if kind in ("legal",) and match.groupdict().get("or"):
            kind = "agent"
        start = match.start("side") if side else match.start("label")
        role = ROLE_IN.match(side)
        yield Mark(kind, label, start, match.end(), (match.end(), match.end()), role[0] if role else "",
                   match["brackets"], ":" in sep)


def _value_of(text: str, mark: Mark, limit: int) -> tuple[int, int]:
    """Return where the value stands: up to the next label, a gap, or the end of the line."""
    start = mark.end
    if start < limit and text[start] == "\t" and (mark.has_colon or text[start - 1 : start] != "\t"):
        start += 1
    end = text.find("\n", start)
    end = min(len(text) if end < 0 else end, max(limit, start))
    tab = text.find("\t", start, end)
    if tab >= 0:
        end = tab
    after = NEXT_LABEL.search(text, start, min(end + 16, len(text)))
    if after and start < after.start() < end:
        end = after.start()
    while start < end and text[start] in " \t_":
        start += 1
    while end > start and text[end - 1] in " \t_":
        end -= 1
    return start, end
