"""核对: the paper beside the form, registering and going on, duplicates side by side, deciding otherwise."""

import datetime as dt
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.http import FileResponse
from pytest_django import DjangoAssertNumQueries

from qidang.accounts.models import Role
from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import open_batch
from qidang.intake.rereading import reread
from qidang.ledger import Entry
from qidang.reading.warming import pdf
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import HOSTILE, Arrive, Register, version_of

pytestmark = pytest.mark.django_db
TEXT = "数控车床买卖合同\n合同编号：QM-2026-7\n卖方：启明精密机械有限公司\n买方：澄湖机电有限公司\n总价：128000.00元"
FIELDS = {"title": "数控车床买卖合同", "contract_no": "QM-2026-7", "seller": "启明精密机械有限公司"}
FIELDS |= {"buyer": "澄湖机电有限公司", "amount_incl_tax": "128000.00", "contract_type": "买卖合同"}


def address(arrival: Arrival) -> str:
    return f"/intake/to-review/{arrival.uid}/"


def filled(cast: Cast, **changes: str) -> dict[str, str]:
    """Return the form as a person sends it."""
    values = {"title": "数控车床买卖合同", "counterparty_name": "澄湖机电有限公司", "contract_type": "买卖合同"}
    values |= {"unit": str(cast.department("qmj").pk), "number_choice": "rule", "currency": "CNY"}
    values |= {"department": str(cast.department("sales_east").pk), "owner": str(cast.salesperson.pk)}
    return values | changes


def test_the_form_is_filled_with_what_was_read_and_shows_where(
    cast: Cast, visit: Visit, arrive: Arrive, our_company: Company
) -> None:
    arrival = arrive("封面", TEXT, fields=FIELDS)
    page = visit(cast.salesperson).get(address(arrival) + "?page=2").content.decode()
    assert 'value="澄湖机电有限公司"' in page
    assert 'value="128,000.00"' in page
    assert page.count('data-mark="counterparty_name"') == 1
    assert 'data-field="amount" data-page="2"' in page
    assert "读准" in page
    assert f"/intake/arrivals/{arrival.uid}/pages/2/" in page
    assert Entry.objects.filter(act="arrival.viewed").exists()


def test_registering_goes_on_to_the_next_and_at_last_to_the_batch(
    cast: Cast, visit: Visit, arrive: Arrive, our_company: Company
) -> None:
    batch = open_batch(Source.UPLOAD, by=cast.salesperson)
    first, second = arrive(TEXT, batch=batch, fields=FIELDS), arrive("别的", batch=batch)
    client = visit(cast.salesperson)
    values = filled(cast, number_choice="ours", number_on_paper="QM-2026-7", amount="12.8万元", signed_on="2026.3.5")
    assert client.post(address(first), values).headers["Location"] == address(second)
    contract = Contract.objects.get()
    assert (contract.number, contract.amount) == ("QM-2026-7", Decimal("128000.00"))
    assert contract.signed_on == dt.date(2026, 3, 5)
    assert version_of(contract).blob == first.blob
    answer = client.post(address(second), filled(cast))
    assert answer.headers["Location"] == f"/intake/batches/{batch.uid}/"


def test_the_number_can_be_the_other_side_s(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("正文")
    visit(cast.salesperson).post(address(arrival), filled(cast, number_choice="theirs", number_on_paper="SZ-9"))
    contract = Contract.objects.get()
    assert contract.counterparty_number == "SZ-9"
    assert contract.number not in ("SZ-9", "")


def test_wrong_values_are_told_beside_their_fields(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("正文")
    values = filled(cast, counterparty_name="", amount="很多钱", signed_on="2026-13-40")
    answer = visit(cast.salesperson).post(address(arrival), values)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="wrong"') == 3
    assert "看不懂这个日期" in page
    assert 'value="很多钱"' in page
    assert not Contract.objects.exists()


def test_a_settled_arrival_is_not_registered_twice_and_what_was_typed_stays(
    cast: Cast, visit: Visit, arrive: Arrive
) -> None:
    arrival = arrive("正文", state=State.REGISTERED)
    answer = visit(cast.salesperson).post(address(arrival), filled(cast, remarks="写了半天的备注"))
    assert answer.status_code == 409
    assert "intake.settled_meanwhile" in answer.content.decode()
    assert "写了半天的备注" in answer.content.decode()


def test_a_taken_number_is_refused_on_the_page(cast: Cast, visit: Visit, arrive: Arrive, registered: Register) -> None:
    registered("别的正文", number_on_paper="QM-1", number_is_ours=True)
    arrival = arrive("正文")
    values = filled(cast, number_choice="ours", number_on_paper="QM-1")
    answer = visit(cast.salesperson).post(address(arrival), values)
    assert answer.status_code == 409
    assert "contract.number_taken" in answer.content.decode()
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_outsiders_find_nothing(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("正文")
    pages = ["", "attachment/", "withdrawal/", "return/", "retry/"]
    for person in (cast.rival, cast.lawyer):
        client = visit(person)
        assert client.get(address(arrival)).status_code == 404
        assert client.get(f"/intake/arrivals/{arrival.uid}/file/").status_code == 404
        assert client.get(f"/intake/arrivals/{arrival.uid}/pages/1/").status_code == 404
        for page in pages[1:]:
            assert client.post(f"/intake/arrivals/{arrival.uid}/{page}").status_code == 404
        assert client.post(address(arrival), filled(cast)).status_code == 404


def test_who_only_uploads_sees_own_papers_but_may_not_register(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    scanner = Role.objects.create(slug="scanner", name_zh="扫描员", name_en="Scanner", capabilities=["intake.upload"])
    cast.outsider.roles.add(scanner)
    arrival = arrive("正文", by=cast.outsider)
    client = visit(cast.outsider)
    page = client.get(address(arrival)).content.decode()
    assert "<fieldset disabled>" in page
    assert "下载原件" not in page
    assert client.post(address(arrival), filled(cast, department="", owner="")).status_code in (403, 409)
    assert client.get(f"/intake/arrivals/{arrival.uid}/file/").status_code == 403
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_it_becomes_a_new_version_of_a_contract(cast: Cast, visit: Visit, arrive: Arrive, registered: Register) -> None:
    contract = registered("正文", number_on_paper="QM-1", number_is_ours=True)
    arrival = arrive("扫描件", state=State.DUPLICATE)
    given = {"contract": "QM-1", "kind": "BODY", "why": "更清晰"}
    answer = visit(cast.salesperson).post(f"/intake/arrivals/{arrival.uid}/attachment/", given)
    assert answer.headers["Location"] == f"/contracts/{contract.uid}/"
    assert contract.documents.get().versions.count() == 2


def test_an_unknown_contract_or_one_out_of_reach_is_the_same_refusal(
    cast: Cast, visit: Visit, arrive: Arrive, registered: Register
) -> None:
    hidden = registered("正文", by=cast.rival, number_on_paper="HN-1", number_is_ours=True)
    arrival = arrive("扫描件")
    for named in ("没有这个号", "HN-1", str(hidden.uid), " "):
        answer = visit(cast.salesperson).post(f"/intake/arrivals/{arrival.uid}/attachment/", {"contract": named})
        assert answer.status_code == 409
        assert "intake.contract_unknown" in answer.content.decode()


def test_it_is_withdrawn_put_back_and_read_again(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival, client = arrive("正文"), visit(cast.salesperson)
    acts = f"/intake/arrivals/{arrival.uid}"
    assert client.post(f"{acts}/withdrawal/", {"why": ""}).status_code == 409
    client.post(f"{acts}/withdrawal/", {"why": "传错了"})
    assert "恢复" in client.get(address(arrival)).content.decode()
    assert client.post(f"{acts}/retry/").status_code == 409
    assert client.post(f"{acts}/return/").headers["Location"] == address(arrival)
    client.post(f"{acts}/retry/", {"password": "secret"})
    arrival.refresh_from_db()
    assert (arrival.state, arrival.password) == (State.WAITING, "secret")
    assert client.get(f"{acts}/retry/").status_code == 405


def test_a_locked_file_asks_for_its_password_first(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(state=State.REFUSED, code="reading.encrypted")
    page = visit(cast.salesperson).get(address(arrival)).content.decode()
    assert 'id="password"' in page
    assert "没有可显示的页面" in page


def test_a_duplicate_stands_beside_the_earlier_one(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    first = arrive("先收的第一页", "先收的第二页", filename="先收.pdf")
    second = arrive("后收的", filename="后收.pdf", state=State.DUPLICATE, code="intake.near_text", duplicate_of=first)
    client = visit(cast.salesperson)
    page = client.get(address(second)).content.decode()
    assert f"/intake/arrivals/{first.uid}/pages/1/" in page
    assert f"/intake/arrivals/{second.uid}/pages/1/" in page
    part = client.get(address(second) + "?beside=2", headers={"qidang-part": "earlier"}).content.decode()
    assert f"/intake/arrivals/{first.uid}/pages/2/" in part
    assert f"/intake/arrivals/{second.uid}/pages/" not in part


def test_an_earlier_one_out_of_reach_is_not_shown(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    first = arrive("华南收的", by=cast.rival, filename="华南.pdf")
    second = arrive("后收的", state=State.DUPLICATE, code="intake.near_text", duplicate_of=first)
    page = visit(cast.salesperson).get(address(second)).content.decode()
    assert "华南.pdf" not in page
    assert str(first.uid) not in page


def test_the_same_number_shows_the_contract_s_paper(
    cast: Cast, visit: Visit, arrive: Arrive, registered: Register
) -> None:
    contract = registered("合同里的正文")
    arrival = arrive("来件", state=State.DUPLICATE, code="intake.same_number", contract=contract)
    page = visit(cast.salesperson).get(address(arrival)).content.decode()
    assert f"/versions/{version_of(contract).uid}/pages/1/" in page


def test_flowing_text_shows_its_marks(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(TEXT, source="flow", fields=FIELDS)
    page = visit(cast.salesperson).get(address(arrival)).content.decode()
    assert '<mark data-mark="number_on_paper">QM-2026-7</mark>' in page
    assert "viewer-page" not in page


def test_the_words_of_a_search_are_marked_too(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(TEXT, fields=FIELDS)
    page = visit(cast.salesperson).get(address(arrival) + "?q=机电").content.decode()
    assert page.count('data-mark="hit"') == 1


def test_hostile_text_stays_text(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    attack = "<script>alert(1)</script>"
    arrival = arrive(f"{attack}\n{HOSTILE}", source="flow", fields={"title": attack, "buyer": HOSTILE})
    for query in ("", "?view=text", "?q=<script>", '?q="><script>'):
        page = visit(cast.salesperson).get(address(arrival) + query).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_page_image_is_drawn_with_a_watermark_and_kept_privately(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("一页", data=pdf([(72, 700, 20, "买卖合同")]))
    client = visit(cast.salesperson)
    answer = client.get(f"/intake/arrivals/{arrival.uid}/pages/1/")
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.content[:4] + answer.content[8:12] == b"RIFFWEBP"
    assert answer.headers["Cache-Control"].startswith("private")
    assert client.get(f"/intake/arrivals/{arrival.uid}/pages/2/").status_code == 404
    assert client.get(f"/intake/arrivals/{arrival.uid}/pages/0/").status_code == 404


def test_a_download_has_the_name_it_came_with_and_is_recorded(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(data="原文".encode(), filename="双方 盖章.txt")
    answer = visit(cast.salesperson).get(f"/intake/arrivals/{arrival.uid}/file/")
    assert isinstance(answer, FileResponse)
    assert b"".join(answer).decode() == "原文"
    assert unquote(answer["Content-Disposition"]).endswith("双方 盖章.txt")
    assert Entry.objects.filter(act="arrival.downloaded").exists()


def test_turning_a_page_costs_little(
    cast: Cast, visit: Visit, arrive: Arrive, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    arrival = arrive(TEXT, "第二页", fields=FIELDS)
    client = visit(cast.salesperson)
    client.get(address(arrival))
    with django_assert_max_num_queries(11):
        client.get(address(arrival) + "?page=2", headers={"qidang-part": "viewer"})
    with django_assert_max_num_queries(20):
        answer = client.get(address(arrival))
    assert len(answer.content) <= 80 * 1024


def test_what_was_read_is_read_again_where_it_is_lost(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    text = (
        "设备买卖合同\n\n合同编号：QMJ-9\n卖方：启明精密机械有限公司\n买方：澄湖机电有限公司\n第一条 价款：5000元。\n"
    )
    arrival = arrive(data=text.encode(), filename="合同.txt", reader_version="older")
    client = visit(cast.salesperson)
    assert client.get(f"/intake/to-review/{arrival.uid}/").status_code == 202
    reread(arrival.sha256)
    page = client.get(f"/intake/to-review/{arrival.uid}/").content.decode()
    assert "第一条 价款" in page
    assert 'value="QMJ-9"' in page


def test_a_damaged_file_still_has_its_page(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(data=b"damaged", reader_version="older")
    (place,) = settings.HOME.glob(f"blobs/objects/*/{arrival.sha256}")
    place.write_bytes(b"nonsense")
    client = visit(cast.salesperson)
    assert client.get(f"/intake/to-review/{arrival.uid}/").status_code == 202
    reread(arrival.sha256)
    assert client.get(f"/intake/to-review/{arrival.uid}/").status_code == 200


def test_an_unusual_currency_stands_as_it_was_read(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(TEXT, fields=FIELDS | {"currency": "AUD"})
    page = visit(cast.salesperson).get(address(arrival)).content.decode()
    assert '<option value="AUD" selected>AUD</option>' in page
