"""重新识读中: no page reads a paper itself; it waits for the worker, says so, and opens when the text is there."""

import pytest

from qidang import vault
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.intake.models import Arrival, Rereading
from qidang.intake.rereading import reread
from qidang.ledger import Entry
from qidang.reading import READER_VERSION
from qidang.tests import code
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive, version_of

pytestmark = pytest.mark.django_db
ASKING = {"HX-Request": "true", "HX-Target": "div#being-read"}


def test_a_paper_read_by_nobody_yet_is_read_by_the_worker_and_then_opens(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    version = version_of(contract)
    client, address = visit(cast.salesperson), f"/versions/{version.uid}/"
    waiting = client.get(address)
    assert waiting.status_code == 202
    assert "正在重新识读" in waiting.content.decode()
    assert "every 2s" in waiting.content.decode()
    assert not Entry.objects.filter(act="document.viewed").exists()
    assert client.get(address, headers=ASKING).status_code == 204
    reread(version.blob.sha256)
    assert client.get(address, headers=ASKING).headers["HX-Refresh"] == "true"
    assert "合同正文" in client.get(address).content.decode()
    assert not Rereading.objects.exists()


def test_turning_a_page_of_a_lost_paper_opens_the_whole_page(cast: Cast, visit: Visit, contract: Contract) -> None:
    address = f"/versions/{version_of(contract).uid}/?page=2"
    assert visit(cast.salesperson).get(address, headers={"qidang-part": "viewer"}).status_code == 409


def test_bytes_that_are_gone_are_told_and_not_waited_for(cast: Cast, visit: Visit, contract: Contract) -> None:
    version = version_of(contract)
    client, address = visit(cast.salesperson), f"/versions/{version.uid}/"
    client.get(address)
    Rereading.objects.update(code="vault.missing")
    answer = client.get(address)
    assert answer.status_code == 409
    assert "vault.missing" in answer.content.decode()


def test_the_review_waits_for_its_text_rather_than_show_an_empty_form(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("买卖合同", reader_version=READER_VERSION)
    client, address = visit(cast.salesperson), f"/intake/to-review/{arrival.uid}/"
    vault.forget_derived(arrival.sha256)
    waiting = client.get(address)
    assert waiting.status_code == 202
    assert "正在重新识读" in waiting.content.decode()
    reread(arrival.sha256)
    assert "data-bench-form" in client.get(address).content.decode()


def test_an_arrival_whose_bytes_are_gone_can_still_be_decided(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("买卖合同", reader_version=READER_VERSION)
    client, address = visit(cast.salesperson), f"/intake/to-review/{arrival.uid}/"
    vault.forget_derived(arrival.sha256)
    client.get(address)
    Rereading.objects.update(code="vault.corrupt")
    assert "data-bench-form" in client.get(address).content.decode()
    assert Arrival.objects.get(pk=arrival.pk).is_open


def test_no_page_reads_a_paper_itself() -> None:
    pages = [path for path in code.modules() if path.parts[0] == "web" and "tests" not in path.parts]
    reads = [str(path) for path in pages if "ensure" in (code.HOUSE / path).read_text(encoding="utf-8").split()]
    reads += [str(path) for path in pages if "pages_of" in (code.HOUSE / path).read_text(encoding="utf-8")]
    assert reads == []
