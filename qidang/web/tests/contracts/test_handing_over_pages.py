"""移交原件: the form that is signed, the signature, the slip, the card."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qidang.cast import Cast
from qidang.contracts.models import Contract, OriginalsHandover
from qidang.contracts.originals import PNG
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
DRAWN = "data:image/png;base64," + base64.b64encode(PNG + b"strokes").decode()


def filled(**more: str) -> dict[str, str]:
    """The form as it is sent after the receiver signed."""
    given = {"count": "2", "giver": "周文澜", "receiver": "林知秋", "on": "2026.4.1", "why": "归档", "signature": DRAWN}
    return {name: value for name, value in (given | more).items() if value}


@pytest.fixture
def contract(make_contract: MakeContract) -> Contract:
    """A contract of two originals."""
    return make_contract(originals=2, original_holder="周文澜")


def test_a_signed_hand_over_is_kept_with_its_signature(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.archivist)
    here = f"/contracts/{contract.uid}/originals/"
    assert 'value="周文澜"' in client.get(here).content.decode()
    assert client.post(here, filled()).status_code == 302
    handover = OriginalsHandover.objects.get()
    picture = client.get(f"/contracts/originals/{handover.uid}/signature/")
    assert (picture["Content-Type"], picture.content) == ("image/png", PNG + b"strokes")
    for address in (here, f"/contracts/{contract.uid}/card/"):
        assert f"/contracts/originals/{handover.uid}/signature/" in client.get(address).content.decode(), address
    assert "周文澜 → 林知秋" in client.get(f"/contracts/{contract.uid}/").content.decode()


def test_without_script_the_receiver_confirms_and_the_slip_comes_later(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    client = visit(cast.salesperson)
    client.post(f"/contracts/{contract.uid}/originals/", filled(signature="", is_confirmed="on"))
    handover = OriginalsHandover.objects.get()
    assert client.get(f"/contracts/originals/{handover.uid}/signature/").status_code == 404
    slip = f"/contracts/originals/{handover.uid}/slip/"
    assert slip in client.get(f"/contracts/{contract.uid}/originals/").content.decode()
    assert client.post(slip, {"file": SimpleUploadedFile("签收.jpg", b"jpeg")}).status_code == 302
    assert contract.documents.get().title == "原件交接签收单 2026-04-01"
    again = client.post(slip, {"file": SimpleUploadedFile("签收2.jpg", b"jpeg2")})
    assert again.status_code == 409
    assert "originals.slip_there" in again.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "data:image/png;base64,!!"},
        {"signature": "javascript:1"},
        {"count": "0"},
        {"on": "昨天吧"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    cast: Cast, visit: Visit, contract: Contract, wrong: dict[str, str]
) -> None:
    answer = visit(cast.archivist).post(f"/contracts/{contract.uid}/originals/", filled(**wrong))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not OriginalsHandover.objects.exists()


def test_more_than_there_are_is_refused(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.archivist).post(f"/contracts/{contract.uid}/originals/", filled(count="3"))
    assert answer.status_code == 409
    assert "originals.too_many" in answer.content.decode()


def test_readers_are_refused_and_outsiders_find_nothing(cast: Cast, visit: Visit, contract: Contract) -> None:
    visit(cast.archivist).post(f"/contracts/{contract.uid}/originals/", filled())
    handover = OriginalsHandover.objects.get()
    for address in (f"/contracts/{contract.uid}/originals/", f"/contracts/originals/{handover.uid}/slip/"):
        assert visit(cast.lawyer).get(address).status_code == 403
        assert visit(cast.outsider).get(address).status_code == 404
    picture = f"/contracts/originals/{handover.uid}/signature/"
    assert visit(cast.lawyer).get(picture).status_code == 200
    assert visit(cast.outsider).get(picture).status_code == 404
