"""健康检查: machines may ask without signing in, by any host name, over http; strangers learn nothing."""

from typing import Any

import pytest
from django.test import Client

from qidang.watch import health


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_known", {})


@pytest.fixture
def in_service(settings: Any) -> None:
    """As in production: one host name, HTTPS only."""
    settings.ALLOWED_HOSTS = ["contracts.example.com"]
    settings.SECURE_SSL_REDIRECT = True


def test_a_balancer_asks_by_address_and_without_https(db: None, in_service: None, client: Client) -> None:
    for address in ("/healthz", "/healthz/ready"):
        answer = client.get(address, headers={"host": "10.0.0.7:8000"})
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_a_node_without_its_key_is_alive_but_not_ready(db: None, settings: Any, client: Client) -> None:
    settings.KEY_FILE = settings.HOME / "no-such-key"
    assert client.get("/healthz").status_code == 200
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.content) == (503, b"not well\n")


def test_pages_are_ready_though_no_worker_works(db: None, client: Client) -> None:
    assert client.get("/healthz/worker").status_code == 503
    assert client.get("/healthz/ready").status_code == 200


def test_health_is_only_asked_for(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
    assert client.get("/healthz/else").status_code == 404
