"""What no page of ours sends: broken marks, numbers out of range, NUL; an answer, never a fault."""

import base64
import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


def marked(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


ADDRESSES = [
    f"/contracts/?after={HUGE}~~",
    f"/contracts/?after=1~{HUGE}~v&sort=amount",
    "/contracts/?after=1~9999999-99-99~v&sort=signed_on",
    f"/contracts/?owner={HUGE}&department={HUGE}&year={HUGE}&expires_within={HUGE}&more=1",
    "/contracts/?owner=0&year=0&unit=0&company=x&amount_from=1e999999&signed_from=0000-00-00&more=1",
    "/contracts/?text=%00",
    "/contracts/?sort=owner__password",
    f"/contracts/?text={'x%20' * 3000}",
    "/contracts/companies/?counterparty_name=a%00b",
    f"/companies/?after={marked('a', 'b')}",
    f"/companies/?after={marked(None, None)}",
    f"/companies/?after={marked({}, [])}",
    f"/companies/?after={marked('a', 10**30)}",
    f"/companies/?after={base64.urlsafe_b64encode(b'[' * 3000).decode()}",
    "/companies/?after=%00&q=%00",
    f"/log/?after={marked('yesterday', 'x')}",
    f"/log/?before={marked(5, 5)}&since=9999-12-31&until=9999-12-31",
    f"/people/?after={marked('a', 'b')}&q=%00",
    f"/holdings/?after={marked('x', 1)}&year=x&q=%00",
    f"/holdings/to-file/?after={marked('x', 1)}",
    f"/intake/batches/?after={marked('x')}",
    f"/intake/to-review/?after={marked('x')}",
    f"/intake/isolated/?after={marked('x')}&all=%00",
    f"/numbering/gaps/?year={HUGE}&unit=x",
    "/numbering/gaps/?year=%C2%B2",
    "/numbering/preview/?pattern={serial:99999999999}",
    "/numbering/preview/?pattern={" + "serial:9" * 30 + "}",
    f"/search/?q=a&customer={HUGE}&year={HUGE}&department=-1&offset={HUGE}&sort=x",
    "/search/?q=" + "(" * 3000,
    "/search/?q=" + "NOT%20" * 1000 + "a",
    "/search/?q=金额:>1e99999999",
    "/search/?q=签订:99999999999..1",
    "/search/?q=%00",
    "/search/suggestions/?q=" + "x" * 5000,
    f"/words/?amount={HUGE * 100}",
    "/words/?amount=1e999999999",
    "/find/?q=%00",
    f"/lists/contracts/views/{HUGE}/drop/",
    "/%00",
    "/sign-in/?next=//evil.example",
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one[:48])
def test_an_odd_address_is_answered(cast: Cast, visit: Visit, address: str) -> None:
    client = visit(cast.administrator)
    client.raise_request_exception = True
    assert client.get(address).status_code < 500


def test_odd_keys_of_a_contract_are_not_found(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.administrator)
    assert client.get(f"/contracts/{contract.uid}/papers/?document=x").status_code == 404
    assert client.post("/contracts/export/", {"pick": ["x", str(contract.uid)]}).status_code == 200
    assert client.get(f"/versions/of/{contract.uid}/{'0' * 4000}/").status_code == 404


def test_a_body_too_large_is_refused_before_it_is_read(cast: Cast, visit: Visit, client: Client) -> None:
    class Unread:
        def read(self, *args: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    def answered(asked: Client, size: int) -> int:
        body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
        return asked.post("/intake/upload/", **body).status_code  # type: ignore[arg-type]

    assert answered(client, 1 << 20) == 413
    assert answered(visit(cast.salesperson), 5 << 30) == 413


def test_a_session_that_cannot_be_written_is_no_fault_of_the_request(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    client = visit(cast.salesperson)
    monkeypatch.setattr(Session, "save", locked)
    answer = client.get("/contracts/")  # keeps a copy of how the person sees the list
    assert answer.status_code == 409
    assert "system.database_locked" in answer.content.decode()


def test_a_language_that_is_not_ours_is_not_spoken(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    client.post("/language/", {"language": "de"})
    cast.salesperson.refresh_from_db()
    assert cast.salesperson.language == "zh-hans"
