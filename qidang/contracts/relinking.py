"""核对公司: which company of the books a name in a contract means; the name itself stays as written."""

from __future__ import annotations

import dataclasses

from django.db import transaction
from django.utils.translation import gettext

from qidang.accounts.models import User
from qidang.contracts.models import Company, Contract, Party, Revision
from qidang.contracts.models.revisions import Change, written
from qidang.kit.refusal import Refused
from qidang.ledger import record


@dataclasses.dataclass(slots=True)
class Written:
    """A name as the contract writes it, where it stands, and whom it is taken to mean."""

    name: str
    is_counterparty: bool = False
    parties: list[Party] = dataclasses.field(default_factory=list)
    companies: list[Company | None] = dataclasses.field(default_factory=list)


def names_in(contract: Contract) -> list[Written]:
    """Return the names in ``contract``, each once, the counterparty's first."""
    found: dict[str, Written] = {}
    if contract.counterparty_name:
        first = found.setdefault(contract.counterparty_name, Written(contract.counterparty_name, True))
        first.companies.append(contract.counterparty)
    for party in contract.parties.select_related("company"):
        one = found.setdefault(party.name, Written(party.name))
        one.parties.append(party)
        if party.company not in one.companies:
            one.companies.append(party.company)
    return list(found.values())


@transaction.atomic
def relink(contract: Contract, name: str, company: Company, *, why: str, by: User, edit_version: int) -> Contract:
    """改认公司: wherever ``contract`` writes ``name``, it means ``company`` from now on.

    Refuses without a reason, a name that is not there, and where all of it means that company already.
    """
    contract.opened(by, edit_version)
    if not why.strip():
        raise Refused("party.relink_unexplained", name=name)
    one = next((written for written in names_in(contract) if written.name == name), None)
    if one is None:
        raise Refused("party.no_such_name", name=name)
    changed = _changes(one, company)
    if not changed:
        raise Refused("party.linked_already", name=name, company=company.name)
    if one.is_counterparty:
        contract.counterparty = company
    Party.objects.filter(pk__in=[party.pk for party in one.parties]).update(company=company)
    contract.edit_version += 1
    contract.save_settled()
    _revise(contract, changed, by=by, why=why.strip())
    details = {"name": name, "company": str(company.uid), "why": why.strip()}
    record("contract.relinked", contract, by=by, details=details)  # the company's readers need not see the contract
    return contract


def _changes(one: Written, company: Company) -> dict[str, Change]:
    changed = {}
    if one.is_counterparty and one.companies[0] != company:
        changed["counterparty"] = Change(written(one.companies[0]), company.name, True)
    differing = [party for party in one.parties if party.company_id != company.pk]
    if differing:
        was = gettext("、").join(dict.fromkeys(written(party.company) or "—" for party in differing))
        changed["parties"] = Change(f"{one.name} → {was}", f"{one.name} → {company.name}", True)
    return changed


def _revise(contract: Contract, changed: dict[str, Change], *, by: User, why: str) -> None:
    common = {"contract": contract, "edit_version": contract.edit_version, "by": by, "at": contract.updated_at}
    Revision.objects.bulk_create(
        Revision(**common, field=field, old=change.old, new=change.new, why=why) for field, change in changed.items()
    )
