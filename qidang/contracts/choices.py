"""The closed lists of the contracts room: one word per thing, stored as the code, shown as the label."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractType(models.TextChoices):
    """合同类型: the eight types that reading tells apart (民法典 typical contracts, grouped)."""

    SALE = "买卖合同", _("买卖合同")
    WORK = "承揽合同", _("承揽合同")
    CONSTRUCTION = "建设工程合同", _("建设工程合同")
    TRANSPORT = "运输合同", _("运输合同")
    SERVICE = "服务合同", _("服务合同")
    TECHNOLOGY = "技术合同", _("技术合同")
    LEASE = "租赁合同", _("租赁合同")
    OTHER = "其他", _("其他")


class Kind(models.TextChoices):
    """合同类别: how the register groups contracts (框架, 订单, 补充 …)."""

    SALE = "SALE", _("销售")
    FRAMEWORK = "FRAMEWORK", _("框架")
    ORDER = "ORDER", _("订单")
    SUPPLEMENT = "SUPPLEMENT", _("补充")
    SERVICE = "SERVICE", _("服务")
    LEASE = "LEASE", _("租赁")
    OTHER = "OTHER", _("其他")


class OurRole(models.TextChoices):
    """我方角色."""

    SELLER = "SELLER", _("卖方")
    BUYER = "BUYER", _("买方")


class PartyRole(models.TextChoices):
    """当事人角色."""

    SELLER = "SELLER", _("卖方")
    BUYER = "BUYER", _("买方")
    OTHER = "OTHER", _("其他方")


class Status(models.TextChoices):
    """合同状态, settled from facts by ``Contract.settle``."""

    DRAFT = "DRAFT", _("草稿")
    PENDING = "PENDING", _("待生效")
    IN_FORCE = "IN_FORCE", _("履行中")
    EXPIRED = "EXPIRED", _("已到期")
    CLOSED = "CLOSED", _("已完结")
    TERMINATED = "TERMINATED", _("已终止")
    VOID = "VOID", _("已作废")
    WITHDRAWN = "WITHDRAWN", _("已撤销")
    MERGED = "MERGED", _("已合并")


GONE = (Status.WITHDRAWN, Status.MERGED)  # registrations that stand in no list, total, search or export


class PastState(models.TextChoices):
    """历史状态: where a past contract stands as it enters the life cycle; its ``Status`` follows from it."""

    IN_FORCE = "IN_FORCE", _("履行中")
    CLOSED = "CLOSED", _("已完结")
    EXPIRED = "EXPIRED", _("已到期")
    TERMINATED = "TERMINATED", _("已终止")


class FilingStatus(models.TextChoices):
    """归档状态; holdings settles it through ``mark_filed`` and ``mark_unfiled``."""

    UNFILED = "UNFILED", _("未归档")
    FILED = "FILED", _("已归档")


class Secrecy(models.TextChoices):
    """密级: the company's own labels; the state's 秘密/机密/绝密 have no place here."""

    PUBLIC = "PUBLIC", _("公开")
    INTERNAL = "INTERNAL", _("内部")
    SECRET = "SECRET", _("商密")
    CORE = "CORE", _("核心商密")


class FormMode(models.TextChoices):
    """订立形式 (民法典 469)."""

    PAPER = "PAPER", _("纸质")
    ESIGN = "ESIGN", _("电子签")
    MESSAGE = "MESSAGE", _("数据电文")
    ORDER = "ORDER", _("订单加确认")


class PricingMode(models.TextChoices):
    """计价方式 (民法典 511)."""

    FIXED_TOTAL = "FIXED_TOTAL", _("固定总价")
    FIXED_UNIT = "FIXED_UNIT", _("固定单价")
    PROVISIONAL = "PROVISIONAL", _("暂定价")
    FORMULA = "FORMULA", _("公式计价")
    COST_PLUS = "COST_PLUS", _("成本加成")


class DisputeMode(models.TextChoices):
    """争议解决方式; the values are reading's own."""

    ARBITRATION = "arbitration", _("仲裁")
    LITIGATION = "litigation", _("诉讼")
    BOTH = "both", _("仲裁或诉讼")


class Relation(models.TextChoices):
    """关联关系: what this contract is to its parent."""

    ORDER = "ORDER", _("框架下的订单")
    SUPPLEMENT = "SUPPLEMENT", _("补充协议")
    GUARANTEE = "GUARANTEE", _("担保")
    RENEWAL = "RENEWAL", _("续签")
    UPSTREAM = "UPSTREAM", _("上游采购")
    OTHER = "OTHER", _("其他关联")


class NameKind(models.TextChoices):
    """名称类别: what another name of a company is to it."""

    ALIAS = "ALIAS", _("别名")
    FORMER = "FORMER", _("曾用名")
    SHORT = "SHORT", _("简称")


class DocumentKind(models.TextChoices):
    """合同文件类别."""

    BODY = "BODY", _("正文")
    ANNEX = "ANNEX", _("附件")
    SCAN = "SCAN", _("扫描件")
    SUPPLEMENT = "SUPPLEMENT", _("补充协议")
    AUTHORISATION = "AUTHORISATION", _("授权委托书")
    OTHER = "OTHER", _("其他")


class Source(models.TextChoices):
    """来源: who said that the field has this value: the paper as it was read, a ledger sheet, a person."""

    READ = "READ", _("机读")
    LEDGER_SHEET = "LEDGER_SHEET", _("台账")
    PERSON = "PERSON", _("人工")


class FieldKind(models.TextChoices):
    """字段类型 of a custom field: what its values are, and so how they are checked, sorted and found."""

    TEXT = "TEXT", _("文本")
    NUMBER = "NUMBER", _("数字")
    MONEY = "MONEY", _("金额")
    DATE = "DATE", _("日期")
    CHOICE = "CHOICE", _("选项")
    PERSON = "PERSON", pgettext_lazy("单数", "人员")
    CUSTOMER = "CUSTOMER", _("客户")
    YES_NO = "YES_NO", _("是否")
