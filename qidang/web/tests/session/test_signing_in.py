"""登录页."""

import pytest
from django.test import Client

from qidang.accounts.models import User
from qidang.cast import PASSWORD, Cast
from qidang.ledger import Entry
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_and_lands_where_he_was_going(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in/?next=/log/", {"username": "salesperson", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/log/"


def test_a_wrong_password_is_refused_in_words(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "salesperson", "password": "wrong"})
    assert answer.status_code == 409
    assert "accounts.wrong_credentials" in answer.content.decode()


def test_nobody_is_sent_to_another_site(cast: Cast, client: Client) -> None:
    answer = client.post(
        "/sign-in/", {"username": "salesperson", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


def test_a_page_asks_who_is_there(client: Client) -> None:
    answer = client.get("/contracts/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_signing_out_ends_the_session_and_is_recorded(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    client.post("/sign-out/")
    assert client.get("/").status_code == 302
    assert Entry.objects.filter(act="session.closed").exists()


def test_the_address_of_the_caller_stands_in_the_log(cast: Cast, client: Client) -> None:
    client.post("/sign-in/", {"username": "salesperson", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    assert Entry.objects.get(act="session.opened").address == "10.1.2.3"


def test_the_password_is_changed_and_the_session_goes_on(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    new = "Another-77-harbour"
    assert client.post("/me/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get("/me/").status_code == 200
    assert User.objects.get(pk=cast.salesperson.pk).check_password(new)


def test_a_weak_password_is_refused_with_its_reasons(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.salesperson).post("/me/", {"old": PASSWORD, "new": "12345678901", "again": "12345678901"})
    assert answer.status_code == 409
    assert "accounts.weak_password" in answer.content.decode()


def test_the_language_is_kept_with_the_person(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    client.post("/language/", {"language": "en", "next": "/me/"})
    assert User.objects.get(pk=cast.salesperson.pk).language == "en"
    assert '<html lang="en">' in client.get("/me/").content.decode()


def test_a_given_password_must_be_changed_before_anything_else(cast: Cast, visit: Visit) -> None:
    User.objects.filter(pk=cast.salesperson.pk).update(must_change_password=True)
    client = visit(cast.salesperson)
    assert client.get("/contracts/")["Location"] == "/me/"
    new = "Another-77-harbour"
    client.post("/me/", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/contracts/").status_code == 200
