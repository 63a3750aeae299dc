"""合同编号: rules give numbers without a gap, each once and never again, and take over our own from paper."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department, User
from qidang.contracts import patterns
from qidang.contracts.choices import ContractType, Kind, OurRole, Relation
from qidang.contracts.models import Contract, IssuedNumber, NumberCounter, NumberRule
from qidang.contracts.numbers_on_paper import tidy
from qidang.kit import clock, rows
from qidang.kit.refusal import Refused
from qidang.ledger import record

DEFAULT_PATTERN = "{unit}-{type}-{year}-{serial:4}"
SUPPLEMENT_PATTERN = "{parent}-B{serial:1}"  # 补充协议 = main number + -B1, -B2 (peers.md §d)
FIRST_DAY = dt.date(2000, 1, 1)
KIND_CODES = {Kind.FRAMEWORK: "KJ", Kind.ORDER: "DD", Kind.SUPPLEMENT: "BC", Kind.SERVICE: "FW", Kind.LEASE: "ZL"}
_FREE = Q(is_from_paper=True, withdrawal__isnull=False)  # 撤销登记: the paper is registered anew under its number
TYPE_CODES = {
    ContractType.SALE: "XS",
    ContractType.WORK: "CL",
    ContractType.CONSTRUCTION: "GC",
    ContractType.TRANSPORT: "YS",
    ContractType.SERVICE: "FW",
    ContractType.TECHNOLOGY: "JS",
    ContractType.LEASE: "ZL",
    ContractType.OTHER: "QT",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """断号: the serials from ``first`` to ``last`` under ``key`` that no number ever took."""

    key: str
    first: int
    last: int


def type_code(contract_type: str, kind: str = "", our_role: str = "") -> str:
    """Return the two letters of a type (XS 销售, CG 采购, KJ 框架, BC 补充 …; peers.md §d)."""
    if kind in KIND_CODES:
        return KIND_CODES[Kind(kind)]
    if contract_type == ContractType.SALE and our_role == OurRole.BUYER:
        return "CG"
    return TYPE_CODES.get(ContractType(contract_type), "QT") if contract_type else "XS"


def rule_for(rules: Sequence[NumberRule], contract_type: str, on: dt.date) -> NumberRule | None:
    """Return which of a unit's ``rules`` is in effect ``on`` that day: its own type's before the one for all types."""
    fitting = [rule for rule in rules if rule.contract_type in (contract_type, "") and rule.covers(on)]
    return max(fitting, key=lambda rule: (rule.contract_type, rule.from_on), default=None)


def rules_of(unit: Department) -> list[NumberRule]:
    """Return every rule that ``unit`` has or had, newest first."""
    return list(NumberRule.objects.filter(unit=unit).order_by("-from_on"))


@transaction.atomic
def default_rule(unit: Department, *, by: User) -> NumberRule:
    """Return the rule for all types that a unit starts with, seeding it on first use."""
    rule, is_new = NumberRule.objects.get_or_create(
        unit=unit,
        contract_type="",
        from_on=FIRST_DAY,
        defaults={"pattern": DEFAULT_PATTERN, "added_by": by, "added_at": clock.now()},
    )
    if is_new:
        record("numbering.rule_added", rule, unit, by=by, details={"pattern": DEFAULT_PATTERN})
    return rule


@transaction.atomic
def add_rule(unit: Department, pattern: str, *, by: User, from_on: dt.date, contract_type: str = "") -> NumberRule:
    """新增编号规则 from ``from_on`` on; the rule it follows ends the day before. Rules are never rewritten."""
    require(by, "numbering.edit")
    patterns.check(pattern)
    if unit.parent_id is not None:
        raise Refused("numbering.not_a_unit", name=unit.name)
    siblings = NumberRule.objects.select_for_update().filter(unit=unit, contract_type=contract_type)
    if siblings.filter(from_on__gte=from_on).exists():
        raise Refused("numbering.later_rule", day=from_on.isoformat())
    siblings.filter(to_on__isnull=True).update(to_on=from_on - dt.timedelta(days=1))
    rule = NumberRule.objects.create(
        unit=unit, contract_type=contract_type, pattern=pattern, from_on=from_on, added_by=by, added_at=clock.now()
    )
    record("numbering.rule_added", rule, unit, by=by, details={"pattern": pattern, "from_on": from_on.isoformat()})
    return rule


@transaction.atomic
def end_rule(rule: NumberRule, *, by: User, on: dt.date) -> NumberRule:
    """停用编号规则 after ``on``."""
    require(by, "numbering.edit")
    if on < rule.from_on:
        raise Refused("numbering.ends_before_it_begins", day=on.isoformat())
    rule.to_on = on
    rule.save(update_fields=["to_on"])
    record("numbering.rule_ended", rule, rule.unit, by=by, details={"to_on": on.isoformat()})
    return rule


def preview(rule: NumberRule, on: dt.date, *, department: Department | None = None, contract_type: str = "") -> str:
    """Return the number that ``rule`` would give next; nothing is taken or locked."""
    words = _words(
        rule.unit,
        on,
        department=department or rule.unit,
        code=type_code(contract_type or rule.contract_type or ContractType.SALE),
    )
    key = patterns.key(rule.pattern, words)
    counter = NumberCounter.objects.filter(unit=rule.unit, key=key).first()
    return _free(rule.unit, rule.pattern, words, counter.last if counter else 0)[0]


@transaction.atomic
def issue(
    contract: Contract, *, by: User, on: dt.date | None = None, rules: Sequence[NumberRule] | None = None
) -> IssuedNumber:
    """发号: give ``contract`` the next number of its unit's rules (asked for where not given); saving is the caller's.

    Part of registering. The counter's row stays locked until the act commits, so an act that fails leaves no gap.
    """
    on = on or clock.today()
    if contract.number:
        raise Refused("numbering.has_number", number=contract.number)
    rule, pattern, words = _rule_and_words(contract, on, by=by, rules=rules)
    key = patterns.key(pattern, words)
    counter = _locked_counter(contract.unit, key)
    issued = None
    while issued is None:  # a number that came from paper is passed over: no number is written down twice
        counter.last += 1
        contract.number = patterns.render(pattern, words, counter.last)
        issued = _issued(contract, key=key, serial=counter.last, year=on.year, rule=rule, by=by)
    counter.save(update_fields=["last"])
    return issued


def ours(
    number: str, unit: Department, on: dt.date, rules: Sequence[NumberRule] | None = None
) -> tuple[str, int, int] | None:
    """Return (key, serial, year) where ``number`` fits a rule that ``unit`` has or had; None otherwise."""
    found = (rule.pattern for rule in (rules_of(unit) if rules is None else rules))
    for pattern in dict.fromkeys([*found, DEFAULT_PATTERN]):
        fit = patterns.fit(pattern, number, unit=_word_of(unit), year=on.year)
        if fit is not None:
            return fit
    return None


@transaction.atomic
def adopt(contract: Contract, number: str, *, by: User, on: dt.date | None = None) -> IssuedNumber:
    """认领纸面编号: take over ``number`` from the paper as our own; refused when it was given before."""
    on = on or clock.today()
    holder = taken(contract.unit, number)
    if holder is None:
        key, serial, year = ours(number, contract.unit, on) or ("", None, on.year)
        contract.number = number
        issued = _issued(contract, key=key, serial=serial, year=year, by=by, is_from_paper=True)
        if issued is not None:
            return issued
        contract.number, holder = "", taken(contract.unit, number)
    raise Refused("contract.number_taken", number=number, holder=holder or "")


def claim_free(contracts: Sequence[Contract], *, by: User) -> list[IssuedNumber]:
    """认领一批纸面编号: let each of these unsaved contracts bear the number on its paper where nothing else bears it.

    Part of registering many, in its transaction; of two that bear the same number the first gets it. Return the facts
    to be written once the contracts are.
    """
    on, claimed = clock.today(), []
    for unit in {contract.unit for contract in contracts}:
        here = [(one, tidy(one.number_on_paper)) for one in contracts if one.unit_id == unit.pk and one.number_on_paper]
        written = {number for _contract, number in here}
        spent = list(IssuedNumber.objects.filter(unit=unit, number__in=written))
        free = [one for one in spent if one.is_from_paper and one.withdrawal_id is not None]
        held = set(Contract.objects.filter(unit=unit, number__in=written).values_list("number", flat=True))
        held |= {one.number for one in spent if one not in free}
        if free:  # the paper is registered anew under its number
            IssuedNumber.objects.filter(pk__in=[one.pk for one in free]).delete()
        rules = rules_of(unit)
        for contract, number in here:
            if number and number not in held:
                held.add(number)
                key, serial, year = ours(number, unit, on, rules) or ("", None, on.year)
                contract.number = number
                contract.settle_lookup()
                claimed.append(_given(contract, key=key, serial=serial, year=year, by=by, is_from_paper=True))
    return claimed


def taken(unit: Department, number: str) -> str | None:
    """Return what holds ``number`` within ``unit`` (a contract's name, or "" for a void number), or None."""
    named = Contract.objects.only("number", "number_on_paper", "title")
    contract = named.filter(unit=unit, number=number).first()
    if contract is not None:
        return str(contract)
    spent = IssuedNumber.objects.filter(unit=unit, number=number).exclude(_FREE)
    return "" if spent.exists() else None


@transaction.atomic
def void_number(issued: IssuedNumber, *, by: User, why: str) -> IssuedNumber:
    """编号作废: the number is never given again; the contract that bore it goes without until it gets another."""
    require(by, "numbering.edit")
    if not why.strip():
        raise Refused("numbering.why_missing", number=issued.number)
    issued.refresh_from_db(from_queryset=IssuedNumber.objects.select_for_update())
    if issued.voided_at is not None:
        raise Refused("numbering.void_already", number=issued.number)
    issued.voided_at, issued.voided_by, issued.void_why = clock.now(), by, why.strip()
    issued.save(update_fields=["voided_at", "voided_by", "void_why"])
    contract = issued.contract
    if contract is not None:
        contract.locked()
        contract.renumber("", by=by, why=why.strip())
    subject = contract or issued.unit
    record("number.voided", subject, by=by, details={"number": issued.number, "why": issued.void_why})
    return issued


@transaction.atomic
def give(contract: Contract, *, by: User, number: str = "", why: str = "") -> IssuedNumber:
    """补发编号 to a contract that has none: the next of its rule, or ``number`` as our own from the paper."""
    issued = given(contract, by=by, number=number, why=why)
    record("number.given", contract, by=by, details={"number": issued.number})
    return issued


def given(contract: Contract, *, by: User, number: str = "", why: str = "") -> IssuedNumber:
    """Give the number inside an act that records it."""
    contract.opened(by)
    if contract.number:
        raise Refused("numbering.has_number", number=contract.number)
    issued = adopt(contract, number, by=by) if number else issue(contract, by=by)
    new, contract.number = contract.number, ""
    contract.renumber(new, by=by, why=why)
    return issued


class Looking:
    """The numbers that contracts without one would get, one after another; nothing is taken or locked."""

    def __init__(self) -> None:
        self.on = clock.today()
        self.rules: dict[int, list[NumberRule]] = {}
        self.last: dict[tuple[int, str], int] = {}

    def at(self, contract: Contract) -> str:
        """Return what ``contract`` would get after those looked at before."""
        unit = contract.unit
        if unit.pk not in self.rules:
            self.rules[unit.pk] = rules_of(unit)
        rules = self.rules[unit.pk]
        _rule, pattern, words = _rule_and_words(contract, self.on, by=None, rules=rules)
        key = patterns.key(pattern, words)
        if (unit.pk, key) not in self.last:
            counter = NumberCounter.objects.filter(unit=unit, key=key).first()
            self.last[unit.pk, key] = counter.last if counter else 0
        number, self.last[unit.pk, key] = _free(unit, pattern, words, self.last[unit.pk, key])
        return number


def gaps(unit: Department, year: int) -> list[Gap]:
    """断号表: the serials of ``year`` below the highest given that no number took; void numbers are no gaps."""
    found: list[Gap] = []
    rows = IssuedNumber.objects.filter(unit=unit, serial__isnull=False)
    for key in rows.filter(year=year).order_by("key").values_list("key", flat=True).distinct():
        earlier = rows.filter(key=key, year__lt=year).aggregate(last=Max("serial"))["last"] or 0
        serials = rows.filter(key=key, year=year, serial__gt=earlier).order_by("serial")
        expected = earlier + 1
        for serial in serials.values_list("serial", flat=True).iterator():
            taken_here = serial or 0
            if taken_here > expected:
                found.append(Gap(key, expected, taken_here - 1))
            expected = taken_here + 1
    return found


def _rule_and_words(
    contract: Contract, on: dt.date, *, by: User | None, rules: Sequence[NumberRule] | None
) -> tuple[NumberRule | None, str, dict[str, str]]:
    code = type_code(contract.contract_type, contract.kind, contract.our_role)
    words = _words(contract.unit, on, department=contract.department, code=code)
    parent = contract.parent if contract.relation == Relation.SUPPLEMENT else None
    if parent is not None and parent.number:
        return None, SUPPLEMENT_PATTERN, words | {"parent": parent.number}
    rules = rules_of(contract.unit) if rules is None else rules
    rule = rule_for(rules, contract.contract_type, on)
    if rule is None and by is None:  # who only looks seeds no rule
        return None, DEFAULT_PATTERN, words
    rule = rule or default_rule(contract.unit, by=by or contract.registered_by)
    return rule, rule.pattern, words


def _words(unit: Department, on: dt.date, *, department: Department, code: str) -> dict[str, str]:
    return {
        "unit": _word_of(unit),
        "dept": _word_of(department),
        "type": code,
        "year": f"{on.year:04}",
        "month": f"{on.month:02}",
    }


def _word_of(department: Department) -> str:
    return department.code or f"D{department.pk}"


def _free(unit: Department, pattern: str, words: dict[str, str], last: int) -> tuple[str, int]:
    """Return the next number after ``last`` that ``issue`` would give, and its serial.

    Like ``issue`` it passes over every number that was ever written down, one that a withdrawn paper freed too.
    """
    serial = last + 1
    while _is_written(unit, number := patterns.render(pattern, words, serial)):
        serial += 1
    return number, serial


def _is_written(unit: Department, number: str) -> bool:
    if IssuedNumber.objects.filter(unit=unit, number=number).exists():
        return True
    return Contract.objects.filter(unit=unit, number=number).exists()


def _locked_counter(unit: Department, key: str) -> NumberCounter:
    rows = NumberCounter.objects.select_for_update().filter(unit=unit, key=key)
    counter = rows.first()
    if counter is None:
        NumberCounter.objects.bulk_create([NumberCounter(unit=unit, key=key)], ignore_conflicts=True)
        counter = rows.get()
    return counter


def _issued(
    contract: Contract,
    *,
    key: str,
    serial: int | None,
    year: int,
    by: User,
    rule: NumberRule | None = None,
    is_from_paper: bool = False,
) -> IssuedNumber | None:
    """Write that ``contract.number`` is given; None where somebody else was given it at the same moment.

    A number from the paper that a withdrawn registration bore goes over to this one.
    """
    issued = _given(contract, key=key, serial=serial, year=year, by=by, rule=rule, is_from_paper=is_from_paper)
    is_given = _inserted(issued) or (is_from_paper and _freed(issued) and _inserted(issued))
    return issued if is_given else None


def _given(contract: Contract, *, by: User, **told: Any) -> IssuedNumber:
    """Return the unsaved fact that ``contract.number`` is given."""
    return IssuedNumber(unit=contract.unit, number=contract.number, contract=contract, by=by, at=clock.now(), **told)


def _inserted(issued: IssuedNumber) -> bool:
    try:
        with transaction.atomic():
            rows.insert(issued)
    except IntegrityError:
        return False
    return True


def _freed(issued: IssuedNumber) -> bool:
    """Take the number from the withdrawn registration that bore it."""
    free = IssuedNumber.objects.filter(_FREE, unit=issued.unit, number=issued.number)
    return free.delete()[0] > 0
