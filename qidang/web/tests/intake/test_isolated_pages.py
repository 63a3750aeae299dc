"""涉密隔离的页: nobody sees the paper, the security people see that it is there."""

import pytest

from qidang.cast import Cast
from qidang.intake.isolating import isolate
from qidang.intake.models import Arrival, Isolation
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive

pytestmark = pytest.mark.django_db
PAGE = "/intake/isolated/"


@pytest.fixture
def isolated(cast: Cast, arrive: Arrive) -> Arrival:
    """An isolated arrival of the salesperson's."""
    arrival = arrive()
    isolate(arrival.sha256, by=cast.salesperson)
    arrival.refresh_from_db()
    return arrival


def test_who_brought_it_is_told_and_sees_nothing_of_it(cast: Cast, visit: Visit, isolated: Arrival) -> None:
    client = visit(cast.salesperson)
    page = client.get(f"/intake/to-review/{isolated.uid}/").content.decode()
    assert "本系统不得存放国家秘密" in page
    assert "data-bench-form" not in page
    for address in (f"/intake/arrivals/{isolated.uid}/file/", f"/intake/arrivals/{isolated.uid}/pages/1/"):
        assert client.get(address).status_code == 409
    assert client.post(f"/intake/to-review/{isolated.uid}/", {"title": "x"}).status_code == 409
    assert "已隔离" in client.get(f"/intake/batches/{isolated.batch.uid}/").content.decode()


def test_the_security_officer_is_told_on_the_front_page_and_in_the_list(
    cast: Cast, visit: Visit, isolated: Arrival
) -> None:
    client = visit(cast.security_officer)
    assert "涉密隔离" in client.get("/").content.decode()
    assert client.get("/counts/").json()["isolated"] == 1
    page = client.get(PAGE).content.decode()
    assert isolated.sha256[:8] in page
    assert cast.salesperson.name in page
    assert client.get(f"/intake/to-review/{isolated.uid}/").status_code == 404


def test_one_proposes_and_another_agrees(cast: Cast, visit: Visit, isolated: Arrival) -> None:
    isolation = Isolation.objects.get()
    first, second = visit(cast.security_officer), visit(cast.administrator)
    release, decision = f"{PAGE}{isolation.uid}/release/", f"{PAGE}{isolation.uid}/decision/"
    assert first.post(release, {"why": " "}).status_code == 409
    assert "等另一人复核" in first.post(release, {"why": "样张"}, follow=True).content.decode()
    assert first.post(decision, {"act": "agree"}).status_code == 409
    assert "已解除隔离" in second.post(decision, {"act": "agree"}, follow=True).content.decode()
    assert isolated.sha256[:8] not in second.get(PAGE).content.decode()
    assert "复核同意" in second.get(f"{PAGE}?all=1").content.decode()


def test_others_find_neither_list_nor_acts(cast: Cast, visit: Visit, isolated: Arrival) -> None:
    isolation = Isolation.objects.get()
    for person in (cast.archivist, cast.lawyer, cast.outsider):
        client = visit(person)
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}{isolation.uid}/release/", {"why": "x"}).status_code == 403
    assert "涉密隔离" not in visit(cast.archivist).get("/").content.decode()
