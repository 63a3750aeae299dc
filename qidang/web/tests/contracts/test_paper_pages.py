"""加文件, 新版本, 下载."""

from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse

from qidang.cast import Cast
from qidang.contracts.models import Contract, Version
from qidang.ledger import Entry
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


def test_a_file_is_added_and_a_newer_one_makes_a_version(cast: Cast, visit: Visit, contract: Contract) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/papers/"
    client.post(page, {"file": SimpleUploadedFile("附件.txt", b"one"), "kind": "ANNEX"})
    annex = contract.documents.get(kind="ANNEX")
    client.post(f"{page}?document={annex.uid}", {"file": SimpleUploadedFile("附件2.txt", b"two"), "why": "补页"})
    assert [version.filename for version in annex.versions.order_by("no")] == ["附件.txt", "附件2.txt"]


def test_the_same_bytes_twice_are_refused(cast: Cast, visit: Visit, contract: Contract) -> None:
    file = SimpleUploadedFile("又一份.txt", "合同正文".encode())
    answer = visit(cast.salesperson).post(f"/contracts/{contract.uid}/papers/", {"file": file, "kind": "ANNEX"})
    assert answer.status_code == 409
    assert "contract.same_bytes" in answer.content.decode()


def test_a_download_carries_the_archive_name_and_is_recorded(cast: Cast, visit: Visit, contract: Contract) -> None:
    version = Version.objects.get(document__contract=contract)
    answer = visit(cast.salesperson).get(f"/contracts/versions/{version.uid}/download/")
    assert isinstance(answer, FileResponse)
    assert b"".join(answer).decode() == "合同正文"
    assert unquote(answer["Content-Disposition"]).endswith(
        f"{contract.number}_数控机床采购合同_江川自动化有限公司_20260305_V1.txt"
    )
    assert Entry.objects.filter(act="document.downloaded").exists()


def test_a_damaged_or_missing_file_is_told_before_the_download_begins(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    contract = make_contract(paper="会损坏的正文".encode())
    version = Version.objects.get(document__contract=contract)
    address = f"/contracts/versions/{version.uid}/download/"
    (place,) = settings.HOME.glob(f"blobs/objects/*/{version.blob.sha256}")
    place.write_bytes(place.read_bytes()[:-1] + b"!")
    damaged = visit(cast.salesperson).get(address)
    place.unlink()
    missing = visit(cast.salesperson).get(address)
    assert (damaged.status_code, missing.status_code) == (409, 409)
    assert "vault.corrupt" in damaged.content.decode()
    assert "vault.missing" in missing.content.decode()
    assert not Entry.objects.filter(act="document.downloaded").exists()


def test_who_may_only_read_cannot_download_and_an_outsider_does_not_find_it(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    address = f"/contracts/versions/{Version.objects.get(document__contract=contract).uid}/download/"
    assert visit(cast.auditor).get(address).status_code == 403
    assert visit(cast.rival).get(address).status_code == 404
