"""重复待定的页: side by side with the differences, one act decides, and what one may not see is not named."""

import pytest

from qidang.cast import Cast
from qidang.intake.models import Arrival, State
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive, Register, version_of

pytestmark = pytest.mark.django_db
LIST = "/intake/duplicates/"
HERE = "数控车床买卖合同\n总价 128000.00 元\n交货期三十日"
THERE = "数控车床买卖合同\n总价 118000.00 元\n交货期三十日"


@pytest.fixture
def twins(arrive: Arrive) -> tuple[Arrival, Arrival]:
    """Two scans of the salesperson's with nearly the same text."""
    first = arrive(THERE, filename="先收.pdf", source="ocr", fields={"amount": "118000.00"})
    near = arrive(HERE, filename="后收.pdf", source="ocr", fields={"amount": "128000.00"})
    Arrival.objects.filter(pk=near.pk).update(state=State.DUPLICATE, code="intake.near_text", duplicate_of=first)
    near.refresh_from_db()
    return first, near


def test_both_are_shown_with_what_differs_and_one_act_decides(
    cast: Cast, visit: Visit, twins: tuple[Arrival, Arrival]
) -> None:
    first, near = twins
    client = visit(cast.salesperson)
    listed = client.get(LIST).content.decode()
    assert "后收.pdf" in listed
    assert "先收.pdf" in listed
    page = client.get(f"{LIST}{near.uid}/").content.decode()
    for uid in (first.uid, near.uid):
        assert f"/intake/arrivals/{uid}/pages/1/" in page
    assert "118000.00" in page
    assert "<ins>总价 128000.00 元</ins>" in page
    assert f"/intake/arrivals/{near.uid}/clearing/" in page
    answer = client.post(f"{LIST}{near.uid}/decision/", {"act": "different", "why": "总价不同"}, follow=True)
    assert "不再提示" in answer.content.decode()
    near.refresh_from_db()
    assert near.state == State.TO_REVIEW
    assert client.get(f"{LIST}{near.uid}/").status_code == 302
    assert client.post(f"{LIST}{near.uid}/decision/", {"act": "different"}).status_code == 409


def test_a_better_scan_of_a_registered_contract_takes_its_place(
    cast: Cast, visit: Visit, arrive: Arrive, registered: Register
) -> None:
    contract = registered(THERE)
    old = version_of(contract)
    near = arrive(HERE, filename="清晰.pdf", state=State.DUPLICATE, code="intake.same_number", contract=contract)
    client = visit(cast.salesperson)
    assert f"/versions/{old.uid}/" in client.get(f"{LIST}{near.uid}/").content.decode()
    client.post(f"{LIST}{near.uid}/decision/", {"act": "better"})
    near.refresh_from_db()
    assert near.contract == contract
    assert list(old.document.versions.values_list("no", "filename")) == [(1, "合同.pdf"), (2, "清晰.pdf")]


def test_what_one_may_not_see_is_not_named_and_not_decided_against(
    cast: Cast, visit: Visit, twins: tuple[Arrival, Arrival], arrive: Arrive
) -> None:
    first, _near = twins
    theirs = arrive(HERE, filename="韩的.pdf", by=cast.rival)
    Arrival.objects.filter(pk=theirs.pk).update(state=State.DUPLICATE, code="intake.near_text", duplicate_of=first)
    client = visit(cast.rival)
    for address in (LIST, f"{LIST}{theirs.uid}/"):
        page = client.get(address).content.decode()
        assert "先收" not in page.replace("先收的", "")
        assert "你看不到的一份" in page
        assert "118000" not in page
    assert client.post(f"{LIST}{theirs.uid}/decision/", {"act": "copy"}).status_code == 409


def test_outsiders_and_readers(cast: Cast, visit: Visit, twins: tuple[Arrival, Arrival]) -> None:
    _first, near = twins
    assert visit(cast.rival).get(f"{LIST}{near.uid}/").status_code == 404
    for person in (cast.lawyer, cast.outsider):
        assert visit(person).get(LIST).status_code == 403
        assert visit(person).post(f"{LIST}{near.uid}/decision/", {"act": "copy"}).status_code in (403, 404)


def test_the_list_asks_few_questions(
    cast: Cast, visit: Visit, arrive: Arrive, django_assert_max_num_queries: object
) -> None:
    first = arrive(THERE)
    for number in range(8):
        near = arrive(f"{HERE}{number}")
        Arrival.objects.filter(pk=near.pk).update(state=State.DUPLICATE, code="intake.near_text", duplicate_of=first)
    client = visit(cast.archivist)
    client.get(LIST)
    with django_assert_max_num_queries(9):  # type: ignore[operator]  # three of them say who asks
        client.get(LIST)
