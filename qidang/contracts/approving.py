"""合同审批: a draft contract is submitted, and is told what came of it. What was decided is fixed by its digest."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.approvals import running
from qidang.approvals.models import Request
from qidang.approvals.plan import Facts
from qidang.contracts.choices import Status
from qidang.contracts.models import Contract, Version
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User

KIND = "contract"


@dataclass(frozen=True)
class ContractSubject:
    """A contract as approvals see it (:class:`qidang.approvals.subjects.Approvable`)."""

    contract: Contract
    ledger_kind: str = KIND

    def __str__(self) -> str:
        return str(self.contract)

    @property
    def uid(self) -> uuid.UUID:
        """The contract's."""
        return self.contract.uid

    @property
    def owner(self) -> User | None:
        """承办人."""
        return self.contract.owner

    @property
    def department(self) -> Department | None:
        """承办部门."""
        return self.contract.department

    def approval_facts(self) -> Facts:
        """Type, department, amount and customer choose the route."""
        contract = self.contract
        customer = contract.counterparty
        return Facts(
            type=contract.contract_type,
            department_path=contract.department.path,
            amount=contract.amount,
            currency=contract.currency,
            customer=str(customer.uid) if customer else "",
        )

    def approval_digest(self) -> str:
        """SHA-256 over how often the record was changed and the digests of its papers."""
        papers = Version.objects.filter(document__contract=self.contract).order_by("id")
        said = [str(self.uid), str(self.contract.edit_version), *papers.values_list("blob__sha256", flat=True)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def approval_settled(self, request: Request, *, by: User) -> None:
        """Its record does not change: the approval is the request's own fact, which pages and filters read."""


def load(uid: uuid.UUID) -> ContractSubject:
    """Return the contract of that uid, its row locked."""
    Contract.objects.select_for_update(of=("self",)).get(uid=uid)
    shown = Contract.objects.select_related("owner", "department", "counterparty").get(uid=uid)
    return ContractSubject(shown)


@transaction.atomic
def submit(contract: Contract, *, by: User, remark: str = "") -> Request:
    """提交审批: a draft only; what is signed needs no approval any more, and what runs is not submitted twice."""
    contract.opened(by)
    refuse_settled(contract)
    return running.submit(load(contract.uid), by=by, remark=remark)


def refuse_settled(contract: Contract) -> None:
    """Refuse what is no draft, and a draft that was approved as it stands."""
    if contract.status != Status.DRAFT:
        raise Refused("contract.not_draft", number=str(contract), status=contract.get_status_display())
    newest = newest_of(contract)
    is_approved = newest is not None and newest.state == Request.State.APPROVED
    if newest and is_approved and newest.digest == ContractSubject(contract).approval_digest():
        raise Refused("contract.approved_already", number=str(contract))


def newest_of(contract: Contract) -> Request | None:
    """Return the newest request about a contract."""
    return Request.objects.filter(kind=KIND, subject_uid=contract.uid).order_by("-id").first()
