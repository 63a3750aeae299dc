"""谁能看: the one door to contracts, papers and companies."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qidang.accounts.models import Role, User
from qidang.cast import Cast
from qidang.contracts.models import Company, Contract, Document, Version
from qidang.contracts.tests.conftest import CUSTOMER, PaperMaker, Registrar
from qidang.contracts.values import PartyValues

WHO_SEES = {
    "salesperson": {"own"},
    "colleague": {"colleague's"},
    "manager": {"own", "colleague's", "rival's"},
    "rival": {"rival's"},
    "suzhou": {"suzhou's"},
    "lawyer": {"own", "colleague's", "rival's", "suzhou's"},
    "archivist": {"own", "colleague's", "rival's", "suzhou's"},
    "auditor": {"own", "colleague's", "rival's", "suzhou's"},
    "outsider": set(),
    "system_officer": set(),
    "audit_officer": set(),
}


@pytest.fixture
def four(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    """Four contracts of four salespeople, each with a paper and a customer of its own."""
    owners = {"own": "salesperson", "colleague's": "colleague", "rival's": "rival", "suzhou's": "suzhou"}
    for letter, (title, by) in zip("abcd", owners.items(), strict=True):
        unit = cast.department("qmz" if by == "suzhou" else "qmj")
        name = f"{title}客户有限公司"
        registered(by=by, title=title, unit=unit, counterparty_name=name, paper=a_paper(letter))


@pytest.mark.parametrize("who", WHO_SEES)
def test_everybody_sees_what_the_roles_reach_and_nothing_else(cast: Cast, four: None, who: str) -> None:
    user = User.objects.get(username=who)
    assert set(Contract.objects.visible_to(user).values_list("title", flat=True)) == WHO_SEES[who]
    assert set(Document.objects.visible_to(user).values_list("contract__title", flat=True)) == WHO_SEES[who]
    assert set(Version.objects.visible_to(user).values_list("document__contract__title", flat=True)) == WHO_SEES[who]


def test_a_department_role_reaches_not_below_it(cast: Cast, four: None, registered: Registrar) -> None:
    registered(by="manager", title="部里的")
    cast.outsider.department = cast.department("sales")
    cast.outsider.save()
    cast.outsider.roles.set(Role.objects.filter(slug="viewer"))
    user = User.objects.get(pk=cast.outsider.pk)
    assert [contract.title for contract in Contract.objects.visible_to(user)] == ["部里的"]


def test_somebody_without_office_or_sign_in_sees_nothing(cast: Cast, four: None) -> None:
    cast.archivist.is_active = False
    assert not Contract.objects.visible_to(cast.archivist).exists()


def test_the_command_line_sees_everything(cast: Cast, four: None) -> None:
    assert Contract.objects.visible_to(User.objects.cli()).count() == 4


def test_companies_are_seen_by_who_sees_a_contract_with_them(cast: Cast, four: None, our_company: Company) -> None:
    names = set(Company.objects.visible_to(cast.colleague).values_list("name", flat=True))
    assert names == {"colleague's客户有限公司", our_company.name}
    assert Company.objects.visible_to(cast.lawyer).count() == 5


def test_a_counterparty_and_a_third_party_are_seen_by_the_owner_who_added_neither(
    cast: Cast, registered: Registrar
) -> None:
    Company.add(name="第三方担保有限公司", by=cast.archivist)
    guarantor = (PartyValues(name="第三方担保有限公司"),)
    registered(by="archivist", owner=cast.colleague, parties=guarantor)
    names = set(Company.objects.visible_to(cast.colleague).values_list("name", flat=True))
    assert names == {CUSTOMER, "第三方担保有限公司"}
    assert not Company.objects.visible_to(cast.rival).exists()


def test_one_query_answers_who_sees_what(cast: Cast, four: None) -> None:
    user = User.objects.get(username="manager")
    with CaptureQueriesContext(connection) as asked:
        assert len(Contract.objects.visible_to(user)) == 3
        assert len(Document.objects.visible_to(user)) == 3
    assert len(asked) == 3  # the reach of the user object, once, and one for each list
