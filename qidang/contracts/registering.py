"""登记: a contract comes into the register, with its parties, lines, payment plan, number and first paper."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from qidang.accounts.capabilities import may_place, require
from qidang.accounts.models import Department, User
from qidang.contracts import numbering
from qidang.contracts.choices import Source
from qidang.contracts.models import Company, Contract, HistoryEntry
from qidang.contracts.models.checking import check
from qidang.contracts.models.contract import settle_clashes
from qidang.contracts.models.custom_fields import checked_values, lay_keys, refuse_incomplete
from qidang.contracts.models.histories import CAPABILITY, checked
from qidang.contracts.models.sources import count_unchecked, lay_sources
from qidang.contracts.models.terms import ROWS, lay_down
from qidang.contracts.numbers_on_paper import tidy
from qidang.contracts.values import SIMPLE, ContractValues, PaperIn, PastValues, Said, said_of
from qidang.kit import clock, rows
from qidang.kit.refusal import Refused
from qidang.ledger import Recorded, record


def register(
    values: ContractValues,
    *,
    by: User,
    paper: PaperIn | None = None,
    source: str = Source.PERSON,
    said: Mapping[str, Said] | None = None,
) -> Contract:
    """登记合同. Returns the contract, numbered. Each value is ``source``'s, or whose ``said`` tells, by field.

    Refuses ``contract.lacking`` without title, unit or counterparty, ``contract.bad_value`` for a value that no column
    can hold, ``contract.elsewhere`` for a department out of reach, ``contract.number_taken`` where a person claims a
    number that is given already. Never files. What a person registers without any paper read or sheet must have the
    required custom fields; what comes from these may lack them.
    """
    require(by, "contract.create")
    _refuse_lacking(values)
    contract = _drafted(values, by=by, source=source, said=said or {})
    if source == Source.PERSON and said is None:
        refuse_incomplete(contract, clock.today())
    contract.has_scan = paper is not None and paper.shows_signatures
    with transaction.atomic():
        is_new = False
        if contract.counterparty is not None:
            contract.counterparty = contract.counterparty.standing  # it may have been merged into another one
        else:
            named = (contract.counterparty_name, _code_of(values))
            found = Company.known_or_new(*named, by=by, on=contract.signed_on)
            contract.counterparty, is_new = found
        rows.insert(contract)
        _give_number(contract, values, by=by)
        contract.settle_lookup()
        contract.save(update_fields=["number", "lookup"])
        if tidy(contract.number_on_paper) not in ("", contract.number):
            settle_clashes([contract])
        for name in ROWS:
            lay_down(contract, name, getattr(values, name))
        document = contract.new_document(paper, by=by) if paper else None
        version = document.begin(paper, by=by, why="") if document and paper else None
        lay_sources([contract], by=by, version=version)
        lay_keys([contract])
        if is_new and contract.counterparty:
            record("company.added", contract.counterparty, by=by)
        subjects = [contract, document] if document else [contract]
        record("contract.registered", *subjects, by=by, details={"source": str(source)})
    return contract


def drafted(values: ContractValues, *, by: User, said: Mapping[str, Said], past: PastValues | None = None) -> Contract:
    """Return an unsaved contract of ``values``, for ``register_many``; refuses what ``register`` refuses.

    ``said`` holds the source of each value, by field; one that is not told has none. A contract of the past stands in
    the state that ``past`` says; refuses one that cannot be so. Outside any transaction: checking a contract and
    looking its counterparty up takes longer than writing it.
    """
    require(by, "contract.create")
    _refuse_lacking(values)
    contract = _drafted(values, by=by, source="", said=said)
    if past is not None:
        contract.past_state = checked(contract, past)
        contract.settle_status(clock.today())
    if contract.counterparty is None:
        known = Company.objects.called(contract.counterparty_name, on=contract.signed_on)
        contract.counterparty = known[0] if len(known) == 1 else None
    return contract


@transaction.atomic
def register_many(
    drafts: Sequence[Contract],
    about: Recorded,
    *,
    by: User,
    source: str,
    pasts: Sequence[PastValues | None] = (),
) -> list[Contract]:
    """登记一批 of ``drafted`` contracts without papers, in one entry of the ledger that names ``about`` (a sheet) last.

    Past contracts keep their numbers as written: one that is free becomes the contract's, a number that another
    contract bears stays on paper only, and none is given where none is written (无编号). ``pasts`` says, one for each,
    what a draft that was given a past was given.
    """
    found: dict[tuple[str, dt.date | None], tuple[Company | None, bool]] = {}
    for contract in drafts:
        named = contract.counterparty_name, contract.signed_on  # who bore the name on that day
        if contract.counterparty is None:
            if named not in found:
                found[named] = Company.known_or_new(named[0], by=by, on=named[1])
            contract.counterparty = found[named][0]
    claimed = numbering.claim_free(drafts, by=by)
    for contract in drafts:
        rows.insert(contract)
    for issued in claimed:
        issued.contract = issued.contract  # its key is known only now
        rows.insert(issued)
    lay_sources(drafts, by=by, version=None)
    lay_keys(drafts)
    settle_clashes([one for one in drafts if one.number_on_paper and not one.number])
    new = [company for company, is_new in found.values() if company is not None and is_new]
    if new:
        record("company.added", *new, by=by)
    record("contract.registered_many", *drafts, about, by=by, details={"source": str(source)})
    _enter_history(drafts, pasts, about, by=by)
    return list(drafts)


def _enter_history(
    drafts: Sequence[Contract], pasts: Sequence[PastValues | None], about: Recorded, *, by: User
) -> None:
    """补登历史合同 with their registration: the state of each was settled when it was drafted."""
    entered = []
    for contract, past in zip(drafts, pasts, strict=False):
        if past is not None:
            require(by, CAPABILITY, contract)
            rows.insert(HistoryEntry.of(contract, past, contract.past_state, by=by))
            entered.append(contract)
    if entered:
        record("contract.history_entered", *entered, about, by=by)


def _refuse_lacking(values: ContractValues) -> None:
    absent = values.lacking()
    if absent:
        labels = [Contract.label_of(name) for name in absent]
        raise Refused("contract.lacking", fields=gettext("、").join(labels), names=absent)


def _drafted(values: ContractValues, *, by: User, source: str, said: Mapping[str, Said]) -> Contract:
    """Return the unsaved contract with every simple value, checked against its columns, and who said it."""
    assert values.unit is not None
    now, department = clock.now(), _department(values, by)
    _refuse_elsewhere(department, by)
    named: dict[str, Any] = {name: getattr(values, name) for name in SIMPLE}
    named |= {"unit": values.unit.unit, "owner": values.owner or by, "department": department}
    named["counterparty_name"] = values.counterparty_name.strip() or str(values.counterparty)
    contract = Contract(**named, registered_by=by, registered_at=now, updated_at=now)
    check(contract)
    contract.custom = checked_values(values.custom, contract, clock.today())
    contract.settle(clock.today())
    contract.said = said_of(values, said, source)
    contract.unchecked = count_unchecked(contract.said)
    return contract


def _department(values: ContractValues, by: User) -> Department:
    """The department given, else that of owner or registrar when it belongs to the unit, else the unit itself."""
    assert values.unit is not None
    unit = values.unit.unit
    owners = values.owner.department if values.owner else None
    for candidate in (values.department, owners, by.department):
        if candidate is not None and candidate.unit_id == unit.pk:
            return candidate
    return values.unit


def _refuse_elsewhere(department: Department, by: User) -> None:
    """Refuse a department whose people ``by`` has nothing to do with.

    Those above one's own are open, as a group registers for its department; so is a legal unit, to who signs for it
    from another one, and 历史部门, which has no people.
    """
    own = by.department
    is_above = own is not None and own.path.startswith(department.path)
    is_open = is_above or department.parent_id is None or not department.is_active
    if not is_open and not may_place(by, "contract.create", department):
        raise Refused("contract.elsewhere", department=department.name)


def _code_of(values: ContractValues) -> str:
    codes = [party.uscc for party in values.parties if party.name == values.counterparty_name]
    return codes[0] if codes else ""


def _give_number(contract: Contract, values: ContractValues, *, by: User) -> None:
    """The paper's number where it is ours and free, otherwise the next of the rule.

    It is ours when the person says so, or says nothing and it fits a rule that the unit has or had.
    """
    number, on, rules = tidy(values.number_on_paper), clock.today(), numbering.rules_of(contract.unit)
    if (number and values.number_is_ours) or (
        number
        and values.number_is_ours is None
        and numbering.ours(number, contract.unit, on, rules)
        and numbering.taken(contract.unit, number) is None
    ):
        numbering.adopt(contract, number, by=by, on=on)
    else:
        numbering.issue(contract, by=by, on=on, rules=rules)
