"""登记卡, 标签 and the short address behind their codes."""

import pytest
import segno
from django.test import Client

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.ledger import Entry
from qidang.web.contracts.label_sheets import SHEETS
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


def drawn(contract: Contract) -> str:
    """Return the code that says the short address of ``contract``, as the test client names this host."""
    address = f"http://testserver/c/{contract.uid}"
    return segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, svgclass="qr")


def reads(act: str) -> list[list[str]]:
    """Return the names of the subjects of each entry of this act."""
    return [[one.name for one in entry.subjects.all()] for entry in Entry.objects.filter(chain="reads", act=act)]


def test_the_short_address_leads_to_the_contract(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.salesperson).get(f"/c/{contract.uid}")
    assert (answer.status_code, answer["Location"]) == (302, f"/contracts/{contract.uid}/")


def test_the_short_address_tells_an_outsider_nothing(cast: Cast, visit: Visit, contract: Contract) -> None:
    assert visit(cast.outsider).get(f"/c/{contract.uid}").status_code == 404
    assert visit(cast.rival).get(f"/c/{contract.uid}").status_code == 404


def test_who_is_not_signed_in_comes_to_the_contract_by_the_sign_in_page(contract: Contract, client: Client) -> None:
    answer = client.get(f"/c/{contract.uid}")
    assert answer["Location"] == f"/sign-in/?next=/c/{contract.uid}"


def test_the_card_shows_the_contract_and_its_code_and_is_recorded(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    contract = make_contract(originals=2, originals_back=1, place="一库-03柜-2层-07盒", original_holder="周文澜")
    page = visit(cast.archivist).get(f"/contracts/{contract.uid}/card/").content.decode()
    assert drawn(contract) in page
    words = (contract.number, contract.title, "一库-03柜-2层-07盒", "周文澜", "¥125,000.50", "壹拾贰万伍仟元零伍角整")
    assert all(word in page for word in words)
    assert reads("contract.card_printed") == [[str(contract)]]


def test_the_card_is_refused_to_who_may_not_print_and_hidden_from_outsiders(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    role = cast.salesperson.roles.get()
    role.capabilities = [name for name in role.capabilities if name != "contract.print"]
    role.save()
    assert visit(cast.salesperson).get(f"/contracts/{contract.uid}/card/").status_code == 403
    assert visit(cast.salesperson).get(f"/contracts/labels/?pick={contract.uid}").status_code == 403
    assert visit(cast.outsider).get(f"/contracts/{contract.uid}/card/").status_code == 404
    assert reads("contract.card_printed") == []


def test_labels_of_the_chosen_contracts_stand_on_the_chosen_paper(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    picked = [make_contract(title=f"第{number}份") for number in range(3)]
    client = visit(cast.archivist)
    form = {"pick": [str(one.uid) for one in picked], "sheet": "99x67", "skip": "7"}
    answer = client.post("/contracts/labels/", form)
    page = answer.content.decode()
    assert all(drawn(one) in page for one in picked)
    assert [len(places) for places in answer.context["pages"]] == [8, 2]
    assert page.count("label-gone") == 7
    assert "labels-99x67" in page
    assert sorted(reads("contract.labels_printed")[0]) == sorted(str(one) for one in picked)


@pytest.mark.parametrize("sheet", [one.key for one in SHEETS])
def test_every_paper_has_its_place_in_the_style(cast: Cast, visit: Visit, contract: Contract, sheet: str) -> None:
    answer = visit(cast.archivist).post("/contracts/labels/", {"pick": str(contract.uid), "sheet": sheet, "skip": "39"})
    assert f"labels-{sheet}" in answer.content.decode()
    assert len(answer.context["pages"]) == 1


def test_labels_without_a_choice_lead_back_to_the_register(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.archivist).get("/contracts/labels/")
    assert (answer.status_code, answer["Location"]) == (302, "/contracts/")


def test_labels_of_what_one_may_not_see_are_not_there(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    own, other = make_contract(title="自己的"), make_contract(by=cast.rival, title="别人的")
    client = visit(cast.salesperson)
    assert client.get(f"/contracts/labels/?pick={other.uid}").status_code == 404
    page = client.get(f"/contracts/labels/?pick={own.uid}&pick={other.uid}").content.decode()
    assert "自己的" in page
    assert "别人的" not in page


def test_a_paper_that_is_none_is_said_beside_the_field(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.archivist).post("/contracts/labels/", {"pick": str(contract.uid), "sheet": "x", "skip": "-1"})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"sheet", "skip"}
