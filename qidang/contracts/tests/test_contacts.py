"""联系人与备注: whom people know at a company, what they note, and who reads it."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contact, Note, Removal
from qidang.contracts.tests.conftest import CUSTOMER
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry, EntryDetails
from qidang.vault.fields import blind


@pytest.fixture
def customer(cast: Cast) -> Company:
    """An everyday customer."""
    return Company.add(name=CUSTOMER, by=cast.archivist)


@pytest.fixture
def contact(cast: Cast, customer: Company) -> Contact:
    """Whom the salesperson knows there."""
    return Contact.add(customer, name="许知远", title="采购经理", phone="139 0512 0001", by=cast.salesperson)


def test_a_phone_is_sealed_and_found_by_its_whole_number(cast: Cast, customer: Company, contact: Contact) -> None:
    assert Contact.objects.get(phone_index=blind("13905120001")).phone == "139 0512 0001"
    assert list(Company.objects.holding("139-0512-0001", cast.salesperson)) == [customer]
    assert not Company.objects.holding("0512-0001", cast.salesperson).exists()


def test_contacts_and_notes_are_read_where_the_contracts_are(cast: Cast, customer: Company, contact: Contact) -> None:
    note = Note.add(customer, "付款慢，先款后货", by=cast.salesperson)
    for who in ("salesperson", "manager", "archivist", "auditor"):
        assert list(Contact.objects.visible_to(cast.people[who])) == [contact]
        assert list(Note.objects.visible_to(cast.people[who])) == [note]
    for who in ("rival", "suzhou", "outsider", "system_officer"):
        assert not Contact.objects.visible_to(cast.people[who]).exists()
        assert not Note.objects.visible_to(cast.people[who]).exists()
    assert not Company.objects.holding("13905120001", cast.rival).exists()


def test_the_log_says_what_changed_of_a_contact_and_nothing_of_the_person(cast: Cast, contact: Contact) -> None:
    contact.edit({"phone": "13905120002", "title": "采购总监"}, by=cast.manager, edit_version=1)
    contact.remove(by=cast.manager, why="离职")
    assert list(Entry.objects.filter(act__startswith="contact.").values_list("act", flat=True)) == [
        "contact.added",
        "contact.edited",
        "contact.removed",
    ]
    told = " ".join(EntryDetails.objects.values_list("body", flat=True))
    assert "title" in told
    assert not any(word in told for word in ("许知远", "13905120002", "采购总监"))


def test_a_removed_contact_stays_in_the_history_without_its_phone(cast: Cast, contact: Contact) -> None:
    contact.remove(by=cast.salesperson, why="离职")
    removal = Removal.objects.get()
    assert (removal.words, removal.why, removal.by) == ("许知远 采购经理", "离职", cast.salesperson)
    assert not Contact.objects.exists()
    assert list(Removal.objects.visible_to(cast.manager)) == [removal]
    assert not Removal.objects.visible_to(cast.rival).exists()


def test_an_edit_of_what_somebody_else_saved_is_refused(cast: Cast, contact: Contact) -> None:
    seen = Contact.objects.get()
    contact.edit({"title": "总监"}, by=cast.manager, edit_version=1)
    with pytest.raises(Refused) as refusal:
        seen.edit({"title": "经理"}, by=cast.salesperson, edit_version=1)
    assert refusal.value.code == "company.changed_meanwhile"


def test_a_note_is_edited_and_removed_and_says_by_whom(cast: Cast, customer: Company) -> None:
    note = Note.add(customer, "年底盘点不收货", by=cast.salesperson)
    note.edit("年底盘点，12 月不收货", by=cast.colleague, edit_version=1)
    assert note.edited_by == cast.colleague
    note.remove(by=cast.salesperson, why="过时")
    assert Removal.objects.get().words == "年底盘点，12 月不收货"


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_note_is_refused(cast: Cast, customer: Company, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        Note.add(customer, text, by=cast.salesperson)
    assert refusal.value.code == "company.bad_value"


def test_who_neither_keeps_companies_nor_edits_contracts_writes_nothing(cast: Cast, customer: Company) -> None:
    for act in (
        lambda: Contact.add(customer, name="甲", by=cast.auditor),
        lambda: Note.add(customer, "甲", by=cast.outsider),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "accounts.not_allowed"
