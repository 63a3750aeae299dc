"""编号冲突 side by side, and 补号 singly and for a selection."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, NumberClash
from qidang.contracts.registering import drafted, register_many
from qidang.contracts.values import ContractValues
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
MANY = "/contracts/numbers/"


def brought(cast: Cast, *numbers: str, owner: str = "salesperson") -> list[Contract]:
    """Return contracts registered as a ledger brings them, the last one ``owner``'s."""
    drafts = []
    for place, number in enumerate(numbers):
        person = cast.people[owner if place == len(numbers) - 1 else "salesperson"]
        given = ContractValues(
            title=f"旧合同{place}", unit=cast.department("qmj"), counterparty_name="江川自动化有限公司",
            number_on_paper=number, owner=person, department=person.department, old_reference=f"D-{place}",
        )  # fmt: skip
        drafts.append(drafted(given, by=cast.archivist, said={}))
    return register_many(drafts, cast.department("qmj"), by=cast.archivist, source="LEDGER_SHEET")


def test_both_stand_side_by_side_and_a_person_decides(cast: Cast, visit: Visit) -> None:
    first, second = brought(cast, "HT-1", "HT-1")
    client = visit(cast.archivist)
    for one in (first, second):
        assert "clashes/" in client.get(f"/contracts/{one.uid}/").content.decode()
    page = f"/contracts/{second.uid}/clashes/"
    shown = client.get(page).content.decode()
    assert first.title in shown
    assert second.title in shown
    clash = str(NumberClash.objects.get().uid)
    assert client.post(page, {"clash": clash, "verdict": "OTHER", "why": ""}).status_code == 200
    assert client.post(page, {"clash": clash, "verdict": "OTHER", "why": "两份原件都看过"}).status_code == 302
    assert "两份原件都看过" in client.get(page).content.decode()
    assert client.post(page, {"clash": clash, "verdict": "SAME", "why": "x"}).status_code == 409
    assert "clashes/" not in client.get(f"/contracts/{first.uid}/").content.decode()


def test_one_contract_registered_twice_is_led_to_its_merging(cast: Cast, visit: Visit) -> None:
    first, second = brought(cast, "HT-1", "HT-1")
    page = f"/contracts/{first.uid}/clashes/"
    form = {"clash": str(NumberClash.objects.get().uid), "verdict": "SAME", "why": "同一份原件"}
    assert visit(cast.archivist).post(page, form).status_code == 302
    merging = f"/contracts/{first.uid}/merging/?with={second.uid}"
    assert merging in visit(cast.archivist).get(page).content.decode()
    assert visit(cast.archivist).get(merging).status_code == 200
    assert "merging/?with" not in visit(cast.lawyer).get(page).content.decode()


def test_who_sees_one_side_only_learns_nothing_of_the_other(cast: Cast, visit: Visit) -> None:
    first, second = brought(cast, "HT-1", "HT-1", owner="rival")
    client, page = visit(cast.rival), f"/contracts/{second.uid}/clashes/"
    shown = client.get(page).content.decode()
    assert first.title not in shown
    assert str(first.uid) not in shown
    clash = str(NumberClash.objects.get().uid)
    assert client.post(page, {"clash": clash, "verdict": "OTHER", "why": "x"}).status_code == 404
    assert visit(cast.outsider).get(page).status_code == 404


def test_a_reader_sees_them_and_is_offered_no_verdict(cast: Cast, visit: Visit) -> None:
    first, _second = brought(cast, "HT-1", "HT-1")
    page = f"/contracts/{first.uid}/clashes/"
    assert 'name="verdict"' not in visit(cast.lawyer).get(page).content.decode()
    clash = str(NumberClash.objects.get().uid)
    answer = visit(cast.lawyer).post(page, {"clash": clash, "verdict": "OTHER", "why": "x"})
    assert answer.status_code in (403, 409)
    assert NumberClash.objects.standing().exists()


def test_a_selection_is_previewed_and_given_numbers(cast: Cast, visit: Visit) -> None:
    chosen = brought(cast, "", "")
    client = visit(cast.archivist)
    assert f'action="{MANY}"' in client.get("/contracts/?numbered=none").content.decode()
    picks = {"pick": [str(one.uid) for one in chosen]}
    told = [one.number for one in client.post(MANY, picks).context["outcomes"]]
    assert not Contract.objects.exclude(number="").exists()
    done = client.post(MANY, picks | {"confirm": "1"})
    assert "已补号 2 份" in done.content.decode()
    assert sorted(Contract.objects.values_list("number", flat=True)) == sorted(told)
    assert client.post(MANY, picks | {"confirm": "1"}).status_code == 409


def test_who_may_not_gives_none(cast: Cast, visit: Visit) -> None:
    [one] = brought(cast, "")
    assert visit(cast.lawyer).post(MANY, {"pick": [str(one.uid)]}).status_code == 403
    assert visit(cast.rival).post(MANY, {"pick": [str(one.uid)]}).status_code == 404
    assert MANY not in visit(cast.lawyer).get("/contracts/").content.decode()


def test_a_number_on_paper_that_clashes_is_not_taken_over(cast: Cast, visit: Visit) -> None:
    _first, second = brought(cast, "HT-1", "HT-1")
    answer = visit(cast.archivist).post(f"/contracts/{second.uid}/number/", {"paper": "1"})
    assert answer.status_code == 409
    assert visit(cast.archivist).post(f"/contracts/{second.uid}/number/").status_code == 302


def test_the_old_reference_is_shown_edited_and_a_column(cast: Cast, visit: Visit) -> None:
    [one] = brought(cast, "HT-1")
    client = visit(cast.archivist)
    shown = client.get(f"/contracts/{one.uid}/").content.decode()
    assert "原档号" in shown
    assert "D-0" in shown
    assert 'name="old_reference"' in client.get(f"/contracts/{one.uid}/edit/").content.decode()
