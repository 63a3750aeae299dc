"""客户表的行: what a row of a sheet of customers says, which company it means, and what it would change."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_rules

from qidang.accounts.roster import Line
from qidang.contracts.choices import NameKind
from qidang.contracts.models import Company, CompanyAlias, CompanyCode, CustomerRow
from qidang.kit.refusal import Refused
from qidang.kit.text import fold

if TYPE_CHECKING:
    from qidang.accounts.models import User

State = CustomerRow.State
COLUMNS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "name": (_("名称"), ("名称", "客户名称", "客户", "公司名称", "单位名称", "name", "customer", "company")),
    "uscc": (_("统一社会信用代码"), ("统一社会信用代码", "信用代码", "社会信用代码", "税号", "纳税人识别号", "uscc")),
    "code": (_("代码"), ("代码", "客户代码", "客户编码", "客户编号", "code", "customer code")),
    "aliases": (pgettext_lazy("复数", "别名"), ("别名", "简称", "其他名称", "alias", "aliases")),
    "former": (_("曾用名"), ("曾用名", "former name", "former names")),
    "codes": (_("外部系统代码"), ("外部系统代码", "其他系统代码", "external codes")),
    "erp": (_("ERP 代码"), ("ERP 代码", "ERP代码", "ERP 编码", "ERP编码", "ERP", "ERP code")),
    "crm": (_("CRM 代码"), ("CRM 代码", "CRM代码", "CRM 编码", "CRM编码", "CRM", "CRM code")),
    "address": (_("地址"), ("地址", "注册地址", "住所", "联系地址", "address")),
    "country": (_("国别"), ("国别", "国家", "country")),
    "phone": (_("电话"), ("电话", "联系电话", "phone", "telephone", "tel")),
    "remarks": (_("备注"), ("备注", "说明", "remarks", "notes")),
}
FIELDS = ("name", "uscc", "code", "address", "country", "phone", "remarks")
KINDS = {"aliases": NameKind.ALIAS, "former": NameKind.FORMER}
SYSTEMS = {"erp": "ERP", "crm": "CRM"}
BETWEEN = re.compile(r"\s*[、;；|\n]\s*")  # no comma: it stands in names such as "… Co., Ltd."
AT_ONCE = 500  # companies read at once


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """What a row says: fields of the company, other names with their kind and column, codes by system."""

    fields: dict[str, str]
    names: list[tuple[str, str]]
    codes: list[tuple[str, str, str]]

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Given:
        """Return what ``values`` say. Raise Refused where a credit code fails its check, or a code lacks its system."""
        fields = {name: values[name].strip() for name in FIELDS if values.get(name, "").strip()}
        if "uscc" in fields:
            fields["uscc"] = fold(fields["uscc"]).upper()
            if not uscc_rules.is_valid(fields["uscc"]):
                raise Refused("company.uscc_wrong", uscc=fields["uscc"])
        names = [(name, column) for column in KINDS for name in _parts(values.get(column, ""))]
        codes = [
            (system, code, column) for column, system in SYSTEMS.items() for code in _parts(values.get(column, ""))
        ]
        return cls(fields, names, codes + [(*_code(text), "codes") for text in _parts(values.get("codes", ""))])


class Known:
    """The companies that rows may mean, by every name and code, and those that rows above named."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.names: dict[str, set[int]] = {}
        self.usccs: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        rows = Company.objects.order_by("merged_into").values_list("pk", "merged_into", "name_key", "uscc", "code")
        for pk, into, key, uscc, code in rows:
            self.names.setdefault(key, set()).add(into or pk)
            if uscc and not (into and uscc in self.usccs):
                self.usccs[uscc] = into or pk
            if code and not into:
                self.codes[code] = pk
        for pk, key in CompanyAlias.objects.values_list("company", "name_key"):
            self.names.setdefault(key, set()).add(pk)
        found = CompanyCode.objects.values_list("system_key", "code_key", "company")
        self.others = {(system, code): pk for system, code, pk in found}
        self.claimed: dict[Any, int] = {}

    def rows(self, lines: Sequence[Line]) -> Iterator[CustomerRow]:
        """Yield what is to become of each row, in the order of the sheet."""
        for some in itertools.batched(lines, AT_ONCE):
            drafts = [self._draft(line) for line in some]
            visible = Company.objects.visible_to(self.by).prefetch_related("aliases", "codes")
            companies = visible.in_bulk([row.company_id for row, _given in drafts if row.company_id])
            for row, given in drafts:
                if given is not None:
                    self._decide(row, given, companies)
                yield row

    def _draft(self, line: Line) -> tuple[CustomerRow, Given | None]:
        row = CustomerRow(number=line.number, state=State.NEW)
        row.values = line.values
        try:
            given = Given.of(line.values)
            row.company_id = self._meant(given)
            self._claim(row, given)
        except Refused as refusal:
            row.refuse(refusal)
            return row, None
        return row, given

    def _meant(self, given: Given) -> int | None:
        """Return the company that a row means: by its codes, else by its name; None for one that is new."""
        name, uscc, code = (given.fields.get(field, "") for field in ("name", "uscc", "code"))
        sure = {self.usccs.get(uscc), self.codes.get(code)}
        sure |= {self.others.get((fold(system), fold(one))) for system, one, _column in given.codes}
        sure.discard(None)
        if len(sure) > 1:
            raise Refused("company.sheet_disagrees", name=name)
        if sure:
            return sure.pop()
        found = self.names.get(fold(name), set())
        if len(found) > 1:
            raise Refused("company.sheet_several", name=name)
        if not found and not name:
            raise Refused("company.name_missing")
        return next(iter(found), None)

    def _claim(self, row: CustomerRow, given: Given) -> None:
        """Refuse a row about what a row above is about already."""
        words: list[Any] = [row.company_id] if row.company_id else []
        words += [(field, fold(given.fields[field])) for field in ("name", "uscc", "code") if given.fields.get(field)]
        for word in words:
            if word in self.claimed:
                raise Refused(
                    "company.sheet_twice", name=row.name or given.fields.get("uscc", ""), row=self.claimed[word]
                )
        self.claimed |= dict.fromkeys(words, row.number)

    def _decide(self, row: CustomerRow, given: Given, companies: Mapping[int, Company]) -> None:
        try:
            if row.company_id is None:
                self._check_names(given, None)
                company = Company.begun(given.fields, by=self.by)
                row.changes = self._told(given, {field: ["", value] for field, value in given.fields.items()})
            else:
                company = companies.get(row.company_id) or _unseen(given)
                self._check_names(given, company.pk)
                row.edit_version = company.edit_version
                row.changes = self._changes(company, given)
                row.state = State.CHANGED if row.changes else State.SAME
                company.take({field: said[1] for field, said in row.changes.items() if field in FIELDS})
            company.refuse_malformed()
        except Refused as refusal:
            row.changes = {}
            row.refuse(refusal)

    def _check_names(self, given: Given, pk: int | None) -> None:
        """Refuse a name or code that another company has."""
        for name in [given.fields.get("name", ""), *(name for name, _column in given.names)]:
            holders = self.names.get(fold(name), set()) if name else set()
            if holders and pk not in holders:
                raise Refused("company.sheet_name_of_another", alias=name)
            if len(name) > CompanyAlias._meta.get_field("name").max_length:  # type: ignore[operator]
                raise Refused("company.bad_value", problem=f"{name[:20]}…")
        for system, code, _column in given.codes:
            made = CompanyCode(system=system, code=code)
            try:
                made.clean_fields(exclude=["company", "added_by", "added_at", "system_key", "code_key"])
            except ValidationError as error:
                raise Refused("company.bad_value", problem=gettext("；").join(error.messages)) from error

    def _changes(self, company: Company, given: Given) -> dict[str, list[str]]:
        """Return by field what the company and the row say, where they differ; an empty cell says nothing."""
        changes: dict[str, list[str]] = {}
        for field, new in given.fields.items():
            old = getattr(company, field)
            known = field == "name" and company.pk in self.names.get(fold(new), ())
            known = known or (field == "uscc" and bool(old) and self.usccs.get(new) == company.pk)
            if old != new and not known:
                changes[field] = [old, new]
        if "uscc" in changes and company.uscc and self.codes.get(given.fields.get("code", "")) != company.pk:
            raise Refused("company.sheet_other_uscc", name=company.name, uscc=company.uscc)
        return self._told(given, changes, company)

    def _told(
        self, given: Given, changes: dict[str, list[str]], company: Company | None = None
    ) -> dict[str, list[str]]:
        """Add to ``changes`` the names and codes that the company does not have yet."""
        added: dict[str, list[str]] = {}
        for name, column in given.names:
            if fold(name) != fold(given.fields.get("name", "")) and not self.names.get(fold(name)):
                added.setdefault(column, []).append(name)
        for system, code, column in given.codes:
            if (fold(system), fold(code)) not in self.others:
                added.setdefault(column, []).append(f"{system} {code}")
        return changes | {column: ["", gettext("、").join(dict.fromkeys(said))] for column, said in added.items()}


def _unseen(given: Given) -> Company:
    """A company that the person may not see: nothing is said of it but that it is there."""
    raise Refused("company.taken", name=given.fields.get("name", ""), uscc=given.fields.get("uscc", ""))


def _parts(text: str) -> list[str]:
    return [part for part in BETWEEN.split(text.strip()) if part]


def _code(text: str) -> tuple[str, str]:
    """Return system and code of ``ERP 10023`` or ``ERP：10023``."""
    system, _mark, code = text.replace("：", ":").partition(":") if re.search("[:：]", text) else text.partition(" ")
    if not code.strip():
        raise Refused("company.code_missing")
    return system.strip(), code.strip()
