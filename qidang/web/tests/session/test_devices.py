"""登录过的设备: strangers cannot lock out who has signed in with this browser."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from qidang.cast import PASSWORD, Cast
from qidang.web.session.devices import COOKIE
from qidang.wsgi import application

pytestmark = pytest.mark.django_db


def signed_in(client: Client, password: str = PASSWORD, username: str = "salesperson", **more: Any) -> int:
    """Sign in; return the status."""
    return client.post("/sign-in/", {"username": username, "password": password}, **more).status_code


def test_a_browser_that_signed_in_before_is_let_in_while_strangers_lock_the_name(cast: Cast) -> None:
    mine, stranger = Client(), Client()
    assert signed_in(mine) == 302
    mine.post("/sign-out/")
    assert [signed_in(stranger, "wrong") for _ in range(6)] == [409] * 6
    assert signed_in(Client()) == 409
    assert signed_in(mine) == 302


def test_one_computer_at_the_counter_knows_several_people(cast: Cast) -> None:
    shared = Client()
    for username in ("salesperson", "archivist"):
        assert signed_in(shared, username=username) == 302
        shared.post("/sign-out/")
    for username in ("salesperson", "archivist"):
        for _ in range(5):
            signed_in(Client(), "wrong", username)
        assert signed_in(shared, username=username) == 302
        shared.post("/sign-out/")


def test_a_cookie_that_we_did_not_sign_opens_nothing(cast: Cast) -> None:
    forger = Client()
    forger.cookies[COOKIE] = "WyJ4IiwgWyJ5Il1d:1abcde:forged"
    for _ in range(5):
        signed_in(forger, "wrong")
    assert signed_in(forger) == 409


def test_an_address_with_too_many_failures_gets_429(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    client = Client()
    assert [signed_in(client, "wrong", f"name{n}") for n in range(3)] == [409, 409, 429]
    answer = client.post("/sign-in/", {"username": "salesperson", "password": PASSWORD})
    assert answer.status_code == 429
    assert "accounts.too_many_attempts" in answer.content.decode()
    assert signed_in(client, REMOTE_ADDR="10.9.9.9") == 302


@pytest.mark.parametrize(
    ("sender", "told", "counted"),
    [
        ("127.0.0.1", "198.51.100.4", "198.51.100.4"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.4", "198.51.100.4"),  # what the client wrote itself stands to the left
        ("203.0.113.7", "6.6.6.6", "203.0.113.7"),  # a stranger says what he likes
    ],
)
def test_only_a_trusted_proxy_says_whose_request_it_is(sender: str, told: str, counted: str) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": sender, "HTTP_X_FORWARDED_FOR": told, "PATH_INFO": "/static/none"}
    setup_testing_defaults(environ)
    application(environ, lambda *_: None)
    assert environ["REMOTE_ADDR"] == counted
