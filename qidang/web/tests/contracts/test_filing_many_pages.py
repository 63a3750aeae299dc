"""批量归档, from the register and from 待归档."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
PAGE = "/holdings/to-file/filing/"


@pytest.fixture
def three(make_contract: MakeContract) -> list[Contract]:
    """Two contracts that can be filed and one without papers."""
    return [make_contract(paper=b"one"), make_contract(paper=b"two"), make_contract()]


def picks(contracts: list[Contract]) -> dict[str, list[str]]:
    """Return the chosen rows as a browser sends them."""
    return {"pick": [str(contract.uid) for contract in contracts]}


def test_the_lists_offer_it_to_who_may_file(cast: Cast, visit: Visit, three: list[Contract]) -> None:
    for page in ("/contracts/", "/holdings/to-file/"):
        assert f'action="{PAGE}"' in visit(cast.archivist).get(page).content.decode()
    assert PAGE not in visit(cast.salesperson).get("/contracts/").content.decode()


def test_the_preview_files_nothing_and_the_good_rows_get_the_codes_it_told(
    cast: Cast, visit: Visit, three: list[Contract]
) -> None:
    client = visit(cast.archivist)
    told = client.post(PAGE, picks(three))
    assert [one.reference[-4:] for one in told.context["outcomes"]] == ["0001", "0002", ""]
    assert "filing.no_papers" in told.content.decode()
    assert not Contract.objects.exclude(reference="").exists()
    done = client.post(PAGE, picks(three) | {"retention": ["D30"], "confirm": ["1"]})
    assert done.status_code == 200
    assert "已归档 2 份" in done.content.decode()
    assert "1 份没有归档" in done.content.decode()
    kept = set(Contract.objects.exclude(reference="").values_list("reference", flat=True))
    assert kept == {one.reference for one in told.context["outcomes"] if one.reference}


def test_another_retention_is_previewed_as_a_part(cast: Cast, visit: Visit, three: list[Contract]) -> None:
    form = picks(three) | {"retention": ["Y"]}
    part = visit(cast.archivist).post(PAGE, form, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "-Y-" in part


def test_a_retention_that_is_none_files_nothing(cast: Cast, visit: Visit, three: list[Contract]) -> None:
    answer = visit(cast.archivist).post(PAGE, picks(three) | {"retention": ["D77"], "confirm": ["1"]})
    assert answer.status_code == 200
    assert not Contract.objects.exclude(reference="").exists()


def test_where_nothing_could_be_filed_it_says_so(cast: Cast, visit: Visit, three: list[Contract]) -> None:
    client, form = visit(cast.archivist), picks(three) | {"retention": ["D30"], "confirm": ["1"]}
    client.post(PAGE, form)
    again = client.post(PAGE, form)
    assert again.status_code == 409
    assert "filing.filed_already" in again.content.decode()


def test_who_may_not_file_is_refused_and_what_is_not_ones_own_is_not_found(
    cast: Cast, visit: Visit, three: list[Contract]
) -> None:
    assert visit(cast.salesperson).post(PAGE, picks(three)).status_code == 403
    assert visit(cast.archivist).post(PAGE, {"pick": ["nothing", str(cast.archivist.uid)]}).status_code == 404
    assert visit(cast.archivist).post(PAGE).status_code == 404
    assert visit(cast.archivist).get(PAGE).status_code == 302
