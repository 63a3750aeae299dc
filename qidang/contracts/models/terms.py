"""What a contract says row by row: who signs, what is sold, when it is paid."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import PartyRole
from qidang.contracts.models.checking import check
from qidang.contracts.models.companies import Company
from qidang.contracts.models.revisions import Change, written
from qidang.kit import rows
from qidang.kit.exact import MoneyField, PriceField, QuantityField, RateField
from qidang.vault.fields import BlindIndexField, SealedField

if TYPE_CHECKING:
    from qidang.contracts.models.contract import Contract

SEALED = ("phone", "account")
OUTSIDE = ("id", "contract", "account_index")


class Party(models.Model):
    """签约方, as written on the paper; ``company`` is who we take it to be. Accounts and phones are sealed."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="parties")
    no = models.PositiveSmallIntegerField(_("序号"))
    role = models.CharField(_("角色"), max_length=8, choices=PartyRole, default=PartyRole.OTHER)
    side = models.CharField(_("称谓"), max_length=16, blank=True)
    name = models.CharField(_("名称"), max_length=200)
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="parties", verbose_name=_("公司")
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=64, blank=True)
    signatory = models.CharField(_("签署人"), max_length=64, blank=True)
    signatory_title = models.CharField(_("签署人职务"), max_length=64, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    email = models.CharField(_("邮箱"), max_length=128, blank=True)
    phone = SealedField(_("电话"), blank=True)
    bank = models.CharField(_("开户行"), max_length=200, blank=True)
    account = SealedField(_("账号"), blank=True)
    account_index = BlindIndexField(of="account")

    class Meta:
        ordering = ["contract", "no"]
        verbose_name = _("签约方")
        constraints = [
            models.UniqueConstraint(fields=["contract", "no"], name="party_place_once_per_contract"),
            models.CheckConstraint(condition=~Q(name=""), name="party_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class LineItem(models.Model):
    """标的明细: one line of goods or services."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="line_items")
    no = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=300)
    brand = models.CharField(_("品牌"), max_length=128, blank=True)
    spec = models.CharField(_("规格"), max_length=300, blank=True)
    model = models.CharField(_("型号"), max_length=128, blank=True)
    maker = models.CharField(_("厂商"), max_length=200, blank=True)
    origin = models.CharField(_("产地"), max_length=128, blank=True)
    measure = models.CharField(_("单位"), max_length=32, blank=True)
    quantity = QuantityField(_("数量"), null=True, blank=True)
    unit_price = PriceField(_("单价"), null=True, blank=True)
    vat_rate = RateField(_("税率"), null=True, blank=True)
    amount = MoneyField(_("金额"), null=True, blank=True)
    amount_excl_tax = MoneyField(_("不含税金额"), null=True, blank=True)
    vat_amount = MoneyField(_("税额"), null=True, blank=True)
    remarks = models.CharField(_("备注"), max_length=300, blank=True)

    class Meta:
        ordering = ["contract", "no"]
        verbose_name = _("标的明细")
        constraints = [
            models.UniqueConstraint(fields=["contract", "no"], name="line_item_place_once_per_contract"),
            models.CheckConstraint(condition=~Q(name=""), name="line_item_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Instalment(models.Model):
    """付款节点: one line of the payment plan; ``percent`` is a rate, 30 % is 0.3."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="instalments")
    no = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=64, blank=True)
    percent = RateField(_("比例"), null=True, blank=True)
    amount = MoneyField(_("金额"), null=True, blank=True)
    trigger = models.CharField(_("条件"), max_length=500, blank=True)
    days = models.PositiveSmallIntegerField(_("天数"), null=True, blank=True)
    due_on = models.DateField(_("应付日期"), null=True, blank=True)

    class Meta:
        ordering = ["contract", "no"]
        verbose_name = _("付款节点")
        constraints = [models.UniqueConstraint(fields=["contract", "no"], name="instalment_place_once_per_contract")]

    def __str__(self) -> str:
        return self.name or self.trigger


ROWS: dict[str, Any] = {
    "parties": Party,
    "line_items": LineItem,
    "instalments": Instalment,
}


def lay_down(contract: Contract, name: str, values: Iterable[Any]) -> list[models.Model]:
    """Write the rows called ``name`` (parties, line_items, instalments) of a new contract; return them in order."""
    kind = ROWS[name]
    laid = [kind(contract=contract, no=no, **fields_of(one)) for no, one in enumerate(values, start=1)]
    _ready(laid)
    for row in laid:
        rows.insert(row)
    return list(laid)


def lay_anew(contract: Contract, name: str, values: Iterable[Any]) -> Change | None:
    """Replace the rows called ``name``; return what changed, None if they are the same."""
    kind = ROWS[name]
    old = list(kind._default_manager.filter(contract=contract).order_by("no"))
    before = in_words(old)
    new = [kind(contract=contract, no=no, **fields_of(one)) for no, one in enumerate(values, start=1)]
    _ready(new)
    was, is_now = _signed(old), _signed(new)
    if was == is_now:
        return None
    kind._default_manager.filter(contract=contract).delete()
    kind._default_manager.bulk_create(new)
    return Change(before, in_words(new), not _completes(was, is_now))


def fields_of(values: Any) -> dict[str, Any]:
    """Return a values dataclass as the keyword arguments of its row."""
    return {field.name: getattr(values, field.name) for field in dataclasses.fields(values)}


def in_words(rows: Iterable[models.Model]) -> str:
    """Return ``rows`` as JSON for a revision; what is sealed shows as dots."""
    return json.dumps([_clear(row, sealed=False) for row in rows], ensure_ascii=False) if rows else ""


def _clear(row: models.Model, *, sealed: bool) -> dict[str, str]:
    texts = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in OUTSIDE and value not in (None, ""):
            texts[field.name] = "••••" if field.name in SEALED and not sealed else written(_bare(value))
    return texts


def _bare(value: Any) -> Any:
    """Return a number without the noughts behind it: 2 and 2.0000 of the database are the same."""
    return value.normalize() if isinstance(value, Decimal) else value


def _completes(was: list[dict[str, str]], is_now: list[dict[str, str]]) -> bool:
    """Say whether every row that stood says all it said, in its place; more rows and more values only complete."""
    kept = zip(was, is_now, strict=False)
    return len(is_now) >= len(was) and all(before.items() <= after.items() for before, after in kept)


def _signed(rows: Iterable[models.Model]) -> list[dict[str, str]]:
    return [{k: v for k, v in _clear(row, sealed=True).items() if k != "company"} for row in rows]


def _ready(rows: Iterable[models.Model]) -> None:
    """Check each row; take a party to be the company that bears its code or name, when exactly one does."""
    for row in rows:
        check(row)
        if isinstance(row, Party) and row.company_id is None:
            row.company_id = _company_of(row)


def _company_of(party: Party) -> int | None:
    if party.contract.counterparty_id is not None and party.name == party.contract.counterparty_name:
        return party.contract.counterparty_id
    found = Company.objects.called(party.name, party.uscc, on=party.contract.signed_on)
    return found[0].pk if len(found) == 1 else None
