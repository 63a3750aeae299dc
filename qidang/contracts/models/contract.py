"""合同: one deal, its fields, and the facts that settle its status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.contracts.choices import (
    GONE,
    ContractType,
    DisputeMode,
    FilingStatus,
    FormMode,
    Kind,
    OurRole,
    PastState,
    PricingMode,
    Relation,
    Secrecy,
    Source,
    Status,
)
from qidang.contracts.models.checking import cleaned
from qidang.contracts.models.companies import Company
from qidang.contracts.models.custom_fields import custom_label, is_custom, lay_keys_anew, set_custom
from qidang.contracts.models.holds import refuse_held
from qidang.contracts.models.joinings import Joining
from qidang.contracts.models.papers import Document
from qidang.contracts.models.revisions import Change, Revision, written
from qidang.contracts.models.sets import ContractQuerySet
from qidang.contracts.models.sources import lay_sources_anew
from qidang.contracts.models.terms import ROWS, lay_anew
from qidang.contracts.models.withdrawals import Withdrawal
from qidang.contracts.values import SIMPLE, SOURCED, Said
from qidang.kit import clock, rows
from qidang.kit.exact import MoneyField, RateField
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.values import PaperIn

FEW_COPIES = [MaxValueValidator(9999)]  # SQLite itself would take any number
LOOKUP_LENGTH = 600  # an index row of PostgreSQL holds 2,704 bytes
REGISTER_COLUMNS = [  # what the register filters and adds up, answered from one index without touching the table
    "currency",
    "year",
    "contract_type",
    "status",
    "filing_status",
    "has_scan",
    "unchecked",
    "past_state",
    "unit",
    "department",
    "owner",
    "counterparty",
    "signed_on",
    "expires_on",
    "amount",
    "lookup",
    "id",
]
DEALINGS_COLUMNS = [  # what a customer's page lists and adds up, answered from one index
    "counterparty",
    "signed_on",
    "id",
    "year",
    "currency",
    "status",
    "amount",
    "department",
    "owner",
]
EDITABLE = (*(name for name in SIMPLE if name != "unit"), "counterparty_name")


class Contract(Identified):
    """合同. Identity is ``uid``; numbers are what people call it. Amounts may be negative (红字, 冲减 agreements).

    Columns that lists sort or filter by (``status``, ``year``, ``lookup``, ``lacks_originals``) are derived in
    ``settle`` and nowhere else; ``has_scan`` in ``touch_for``, ``filing_status`` in ``mark_filed``/``mark_unfiled``,
    ``unchecked`` (how many fields nobody has checked) with the field sources. ``originals`` is how many 正本 are ours
    to have, ``place`` where they lie (库-柜-层-盒) as people write it.
    ``past_state`` is that of the ``HistoryEntry`` that holds, which writes it.
    """

    ledger_kind = "contract"
    said: Mapping[str, Said] = {}  # the sources of a draft, until they are written with it

    unit = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("我方主体")
    )
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="contracts", verbose_name=_("承办部门")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("承办人")
    )
    counterparty = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("相对方")
    )
    counterparty_name = models.CharField(_("相对方名称"), max_length=200, blank=True)
    number = models.CharField(_("合同编号"), max_length=128, blank=True)
    number_on_paper = models.CharField(_("纸面编号"), max_length=128, blank=True)
    counterparty_number = models.CharField(_("对方编号"), max_length=128, blank=True)
    old_reference = models.CharField(_("原档号"), max_length=128, blank=True)
    reference = models.CharField(_("档号"), max_length=128, blank=True)
    title = models.CharField(_("合同名称"), max_length=300)
    contract_type = models.CharField(_("合同类型"), max_length=16, choices=ContractType, default=ContractType.OTHER)
    kind = models.CharField(_("合同类别"), max_length=16, choices=Kind, default=Kind.SALE)
    our_role = models.CharField(_("我方角色"), max_length=8, choices=OurRole, blank=True)
    status = models.CharField(_("合同状态"), max_length=12, choices=Status, default=Status.DRAFT)
    filing_status = models.CharField(_("归档状态"), max_length=12, choices=FilingStatus, default=FilingStatus.UNFILED)
    past_state = models.CharField(_("历史状态"), max_length=12, choices=PastState, blank=True, editable=False)
    secrecy = models.CharField(_("密级"), max_length=12, choices=Secrecy, default=Secrecy.INTERNAL)
    year = models.PositiveSmallIntegerField(editable=False)
    has_scan = models.BooleanField(_("有扫描件"), default=False)
    unchecked = models.PositiveSmallIntegerField(_("未核"), default=0, editable=False)
    custom = models.JSONField(_("自定义字段"), default=dict, editable=False)

    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    amount = MoneyField(_("合同金额（含税）"), null=True, blank=True)
    amount_excl_tax = MoneyField(_("不含税金额"), null=True, blank=True)
    vat_amount = MoneyField(_("税额"), null=True, blank=True)
    vat_rate = RateField(_("税率"), null=True, blank=True)
    fx_rate = RateField(_("汇率"), null=True, blank=True)
    discount = MoneyField(_("折扣"), null=True, blank=True)
    freight = MoneyField(_("运费"), null=True, blank=True)
    other_fee = MoneyField(_("其他费用"), null=True, blank=True)
    amount_in_words = models.CharField(_("大写金额"), max_length=200, blank=True)
    pricing_mode = models.CharField(_("计价方式"), max_length=16, choices=PricingMode, blank=True)
    deposit_kind = models.CharField(_("定金类别"), max_length=16, blank=True)
    deposit_amount = MoneyField(_("定金金额"), null=True, blank=True)

    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    in_force_on = models.DateField(_("生效日期"), null=True, blank=True)
    expires_on = models.DateField(_("到期日期"), null=True, blank=True)
    delivery_on = models.DateField(_("交付日期"), null=True, blank=True)
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)
    sign_place = models.CharField(_("签订地点"), max_length=200, blank=True)

    form_mode = models.CharField(_("订立形式"), max_length=12, choices=FormMode, blank=True)
    project_number = models.CharField(_("项目号"), max_length=64, blank=True)
    opportunity_number = models.CharField(_("商机号"), max_length=64, blank=True)
    order_number = models.CharField(_("销售订单号"), max_length=64, blank=True)
    tender_number = models.CharField(_("招标编号"), max_length=64, blank=True)
    awarded_on = models.DateField(_("中标通知日"), null=True, blank=True)
    award_amount = MoneyField(_("中标价"), null=True, blank=True)
    template_name = models.CharField(_("示范文本"), max_length=128, blank=True)
    copies_total = models.PositiveSmallIntegerField(_("份数"), null=True, blank=True)
    copies_ours = models.PositiveSmallIntegerField(_("我方份数"), null=True, blank=True)
    originals = models.PositiveSmallIntegerField(_("正本份数"), null=True, blank=True, validators=FEW_COPIES)
    duplicates = models.PositiveSmallIntegerField(_("副本份数"), null=True, blank=True, validators=FEW_COPIES)
    originals_back = models.PositiveSmallIntegerField(_("已收回份数"), null=True, blank=True, validators=FEW_COPIES)
    lacks_originals = models.BooleanField(_("正本未收齐"), default=False, editable=False)
    original_holder = models.CharField(_("原件保管人"), max_length=64, blank=True)
    place = models.CharField(_("存放位置"), max_length=200, blank=True)
    binder = models.CharField(_("装订卷册"), max_length=128, blank=True)
    language = models.CharField(_("语种"), max_length=16, default="zh")
    prevailing_language = models.CharField(_("优先语种"), max_length=16, blank=True)
    governing_law = models.CharField(_("适用法律"), max_length=64, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("关联合同")
    )
    relation = models.CharField(_("关联关系"), max_length=12, choices=Relation, blank=True)
    dispute_mode = models.CharField(_("争议解决方式"), max_length=12, choices=DisputeMode, blank=True)
    dispute_institution = models.CharField(_("仲裁机构"), max_length=200, blank=True)
    dispute_court = models.CharField(_("管辖法院"), max_length=200, blank=True)

    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("起草人"),
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    registered_at = models.DateTimeField(_("登记时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    edit_version = models.PositiveIntegerField(_("修改次数"), default=1)

    lookup = models.CharField(max_length=LOOKUP_LENGTH, editable=False)
    subject_matter = models.TextField(_("标的"), blank=True)
    term_text = models.TextField(_("合同期限"), blank=True)
    payment_terms = models.TextField(_("付款方式"), blank=True)
    keywords = models.TextField(_("关键词"), blank=True)
    summary = models.TextField(_("摘要"), blank=True)
    remarks = models.TextField(_("备注"), blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number"], condition=~Q(number=""), name="contract_number_once_per_unit"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="contract_has_a_title"),
            models.CheckConstraint(
                condition=Q(Exact(Length("currency"), 3)), name="contract_currency_has_three_letters"
            ),
            models.CheckConstraint(
                condition=Q(filing_status="UNFILED", reference="") | (Q(filing_status="FILED") & ~Q(reference="")),
                name="contract_filed_with_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(relation=""), name="contract_parent_has_a_relation"
            ),
        ]
        indexes = [
            models.Index(fields=["registered_at", "id"], name="contract_by_registration"),
            models.Index(fields=["signed_on", "id"], name="contract_by_signing_day"),
            models.Index(fields=["expires_on", "id"], name="contract_by_expiry"),
            models.Index(fields=["amount", "id"], name="contract_by_amount"),
            models.Index(fields=["number", "id"], name="contract_by_number"),
            models.Index(fields=["title", "id"], name="contract_by_title"),
            models.Index(fields=["counterparty_name", "id"], name="contract_by_counterparty"),
            models.Index(fields=["updated_at", "id"], name="contract_by_last_change"),
            models.Index(fields=["number_on_paper"], name="contract_by_number_on_paper"),
            models.Index(fields=REGISTER_COLUMNS, name="contract_register"),
            models.Index(fields=DEALINGS_COLUMNS, name="contract_by_company"),
            models.Index(fields=["place", "original_holder", "binder", "id"], name="contract_by_place"),
            models.Index(
                fields=["signed_on", "id"], condition=Q(lacks_originals=True), name="contract_lacking_originals"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.number or self.number_on_paper, self.title) if part)

    @property
    def is_void(self) -> bool:
        """Whether there is a voiding (作废)."""
        return Voiding.objects.filter(contract=self).exists()

    @transaction.atomic
    def edit(
        self,
        changes: Mapping[str, Any],
        *,
        by: User,
        edit_version: int,
        why: str = "",
        source: str = Source.PERSON,
        said: Mapping[str, Said] | None = None,
    ) -> Contract:
        """修改: one revision row per field that changes; refuses when somebody saved after ``edit_version``.

        To change or empty what a field says is a 更正 and needs ``why``; to fill what was empty does not.
        ``changes`` go by the names of ``ContractValues`` and of custom fields; ``parties``, ``line_items`` and
        ``instalments`` are replaced as wholes. The changed fields are from now on ``source``'s, or whose ``said``
        tells. Nothing is recorded where nothing changes.
        """
        self.opened(by, edit_version)
        full, new_company = self._with_counterparty(changes, by=by)
        changed = self._change(full)
        if not changed:
            return self
        corrected = self._corrected(changed, why)
        self.edit_version += 1
        rest = Said(source=source, is_checked=source == Source.PERSON)
        sources = {name: (said or {}).get(name, rest) for name in changed if name in SOURCED or is_custom(name)}
        lay_sources_anew(self, sources, by=by)
        lay_keys_anew(self, [name for name in changed if is_custom(name)])
        self.save_settled()
        if "number_on_paper" in changed:
            settle_clashes([self])
        self._revise(changed, by=by, why=why, source=source)
        if new_company:
            record("company.added", new_company, by=by)
        details = {"fields": sorted(changed), "edit_version": self.edit_version, "corrected": corrected, "why": why}
        record("contract.corrected" if corrected else "contract.edited", self, by=by, details=details)
        return self

    @transaction.atomic
    def add_document(self, paper: PaperIn, *, by: User, why: str = "") -> Document:
        """新增合同文件 with its first version."""
        self.opened(by)
        document = self.keep(paper, by=by, why=why)
        record("document.added", self, document, by=by, details={"sha256": paper.blob.sha256, "kind": paper.kind})
        return document

    @transaction.atomic
    def void(self, *, by: User, why: str) -> Voiding:
        """作废. The number stays with this contract and is never given again."""
        self.opened(by)
        if not why.strip():
            raise Refused("contract.why_missing", number=str(self))
        refuse_held(self)
        voiding = Voiding.objects.create(contract=self, why=why.strip(), by=by, at=clock.now())
        self.edit_version += 1
        self.save_settled()
        record("contract.voided", self, by=by, details={"why": voiding.why})
        return voiding

    def mark_filed(self, reference: str) -> None:
        """已归档 under ``reference`` (档号); part of the archivist's act in holdings, which records it."""
        if self.filing_status == FilingStatus.FILED and self.reference != reference:
            raise Refused("contract.filed_already", number=str(self), reference=self.reference)
        self._mark(FilingStatus.FILED, reference)

    def mark_unfiled(self) -> None:
        """归档已撤销; part of the act in holdings that undoes a wrong filing."""
        self._mark(FilingStatus.UNFILED, "")

    def renumber(self, number: str, *, by: User, why: str) -> None:
        """Set ``number`` ("" takes it away) with its revision, inside the act of numbering that locked this row."""
        self.edit_version += 1
        old, self.number = self.number, number
        self.save_settled()
        self._revise({"number": Change(old, number, bool(old))}, by=by, why=why)

    def locked(self, *, even_void: bool = False) -> Contract:
        """Lock and re-read this contract's row for the act that is under way; refuse one that is void or gone."""
        self.refresh_from_db(from_queryset=Contract.objects.select_for_update())
        refuse_gone(self)
        if not even_void:
            refuse_void(self)
        return self

    def opened(self, by: User, edit_version: int | None = None) -> Contract:
        """Lock it for ``by`` to edit; refuse whom it does not reach, a void one, one saved after ``edit_version``."""
        require(by, "contract.edit", self)
        self.locked()
        require(by, "contract.edit", self)  # it may have gone to another department meanwhile
        if edit_version is not None and edit_version != self.edit_version:
            raise self._changed_meanwhile(edit_version)
        return self

    def keep(self, paper: PaperIn, *, by: User, why: str) -> Document:
        """Write a new document with its first version, inside an act that locked this contract."""
        document = self.new_document(paper, by=by)
        document.keep(paper, by=by, why=why)
        self.touch_for(paper)
        return document

    def new_document(self, paper: PaperIn, *, by: User) -> Document:
        """Write a document for ``paper``, whose first version follows in the same act."""
        title = (paper.title or paper.filename)[:300]
        document = Document(contract=self, kind=paper.kind, title=title, added_by=by, added_at=clock.now())
        rows.insert(document)
        return document

    def touch_for(self, paper: PaperIn) -> None:
        """Settle ``has_scan`` and ``updated_at`` after ``paper`` came in."""
        self.has_scan = self.has_scan or paper.shows_signatures
        self.updated_at = clock.now()
        self.save(update_fields=["has_scan", "updated_at"])

    def settle(self, on: dt.date) -> None:
        """Derive ``status``, ``year``, ``lookup`` and ``lacks_originals`` as of ``on``; saving is the caller's."""
        self.settle_status(on)
        self.lacks_originals = (self.originals or 0) > (self.originals_back or 0)
        self.year = (self.signed_on or timezone.localdate(self.registered_at)).year
        self.settle_lookup()

    def settle_lookup(self) -> None:
        """Derive the folded names and numbers in which the register looks for words."""
        numbers = (self.number, self.number_on_paper, self.counterparty_number, self.old_reference)
        names = (*numbers, self.title, self.counterparty_name)
        self.lookup = "\n".join(dict.fromkeys(fold(name) for name in names if name))[:LOOKUP_LENGTH]

    def settle_status(self, on: dt.date) -> None:
        """Derive 合同状态 from the facts as of ``on``; the only writer of ``status``."""
        if self.pk and (fate := _fate(self.pk)):
            self.status = fate
        elif self.past_state in (PastState.CLOSED, PastState.TERMINATED):
            self.status = Status(self.past_state)
        elif self.closed_on is not None and self.closed_on <= on:
            self.status = Status.CLOSED
        elif self.expires_on is not None and self.expires_on < on:
            self.status = Status.EXPIRED
        elif self.past_state:
            is_over = self.past_state == PastState.EXPIRED and self.expires_on is None
            self.status = Status.EXPIRED if is_over else Status.IN_FORCE
        elif self.signed_on is None and self.in_force_on is None:
            self.status = Status.DRAFT
        elif (self.in_force_on or on) > on:
            self.status = Status.PENDING
        else:
            self.status = Status.IN_FORCE

    def _change(self, changes: Mapping[str, Any]) -> dict[str, Change]:
        changed: dict[str, Change] = {}
        for name, value in changes.items():
            if name in ROWS:
                texts = lay_anew(self, name, value)
            elif name in EDITABLE:
                texts = self._set(name, value)
            elif is_custom(name):
                texts = set_custom(self, name, value, clock.today())
            else:
                raise Refused("contract.no_such_field", field=name)
            if texts is not None:
                changed[name] = texts
        return changed

    def _corrected(self, changed: Mapping[str, Change], why: str) -> list[str]:
        """Return which of these changes are 更正; refuse them without a reason, the contract as it was."""
        names = sorted(name for name, change in changed.items() if change.corrects)
        if names and not why.strip():
            self.refresh_from_db()
            labels = [Contract.label_of(name) for name in names]
            raise Refused("contract.correction_unexplained", fields=gettext("、").join(labels), names=names)
        return names

    def _set(self, name: str, value: Any) -> Change | None:
        old = getattr(self, name)
        new = value if isinstance(value, models.Model) else cleaned(self._meta.get_field(name), value, self)
        setattr(self, name, new)
        return Change(written(old), written(new), old not in (None, "")) if old != new else None

    def _revise(self, changed: Mapping[str, Change], *, by: User, why: str, source: str = Source.PERSON) -> None:
        common = {"contract": self, "edit_version": self.edit_version, "by": by, "at": self.updated_at}
        Revision.objects.bulk_create(
            Revision(**common, field=field, old=change.old, new=change.new, source=source, why=why)
            for field, change in changed.items()
        )

    def _with_counterparty(self, changes: Mapping[str, Any], *, by: User) -> tuple[dict[str, Any], Company | None]:
        """A name without a company finds or makes the company (returned where new); a company brings its name."""
        full = dict(changes)
        name, company = full.get("counterparty_name"), full.get("counterparty")
        if company is not None and not name:
            full |= {"counterparty_name": company.name, "counterparty": company.standing}
        elif name and company is None and name != self.counterparty_name:
            day = full.get("signed_on", self.signed_on)
            full["counterparty"], is_new = Company.known_or_new(name, by=by, on=day)
            return full, full["counterparty"] if is_new else None
        return full, None

    def _changed_meanwhile(self, edit_version: int) -> Refused:
        later = list(self.revisions.filter(edit_version__gt=edit_version).select_related("by").order_by("-id"))
        labels = {str(Contract.label_of(revision.field)) for revision in later}
        who = gettext("、").join(dict.fromkeys(revision.by.name for revision in later))
        return Refused(
            "contract.changed_meanwhile", number=str(self), who=who, fields=gettext("、").join(sorted(labels))
        )

    @classmethod
    def label_of(cls, name: str) -> str:
        """Return the screen name of a field or of a kind of rows."""
        if is_custom(name):
            return custom_label(name)
        named: Any = ROWS[name]._meta if name in ROWS else cls._meta.get_field(name)
        return str(named.verbose_name)

    def _mark(self, status: str, reference: str) -> None:
        self.filing_status, self.reference, self.updated_at = status, reference, clock.now()
        self.save(update_fields=["filing_status", "reference", "updated_at"])

    def save_settled(self) -> None:
        """Save it with what is derived, inside an act that locked this row."""
        self.updated_at = clock.now()
        self.settle(clock.today())
        self.save()


class Voiding(models.Model):
    """作废: who, when, why; the contract keeps its number for ever."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="voiding")
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="voiding_has_a_reason")]

    def __str__(self) -> str:
        return str(self.contract)


def settle_clashes(contracts: list[Contract]) -> None:
    """编号冲突: find and end those of these contracts, inside the act that changed their numbers."""
    apps.get_model("contracts", "NumberClash").objects.settle(contracts)


def refuse_void(contract: Contract) -> None:
    """Refuse a contract that is void (作废)."""
    if contract.is_void:
        raise Refused("contract.is_void", number=str(contract))


def refuse_gone(contract: Contract) -> None:
    """Refuse a contract whose registration was withdrawn (已撤销) or merged into another one (已合并)."""
    if contract.status == Status.MERGED:
        raise Refused("contract.merged_already", number=str(contract))
    if contract.status in GONE:
        raise Refused("contract.withdrawn", number=str(contract))


def _fate(pk: int) -> Status | None:
    """Return what became of a contract for good: merged, withdrawn or void; None while none of these."""
    facts = (
        (Status.MERGED, Joining.objects.standing().filter(gone=OuterRef("pk"))),
        (Status.WITHDRAWN, Withdrawal.objects.standing().filter(contract=OuterRef("pk"))),
        (Status.VOID, Voiding.objects.filter(contract=OuterRef("pk"))),
    )
    found = Contract.objects.filter(pk=pk).values_list(*(Exists(rows) for _status, rows in facts)).first()
    return next((status for (status, _rows), is_so in zip(facts, found or (), strict=False) if is_so), None)
