"""审批的页: submitting with a preview, deciding, and who may not."""

import pytest
from django.urls import reverse

from qidang.approvals.models import Request, Route
from qidang.approvals.plan import Step, Target, Who
from qidang.cast import Cast
from qidang.contracts import approving
from qidang.contracts.models import Contract
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(make_contract: MakeContract) -> Contract:
    """A contract of the salesperson's that nobody has signed yet."""
    return make_contract(signed_on=None, expires_on=None)


@pytest.fixture
def route(cast: Cast) -> Route:
    """The manager, then a lawyer."""
    steps = [
        Step("主管", (Target(Who.MANAGER, "1"),)),
        Step("法务", (Target(Who.PERSON, str(cast.lawyer.uid)),)),
    ]
    return Route.draw(
        kind=approving.KIND, name="买卖合同", owner=cast.administrator, steps=steps, by=cast.administrator
    )


def _submission(contract: Contract) -> str:
    return reverse("approvals:submission", args=[contract.uid])


def test_a_draft_is_submitted_with_a_preview_and_decided_step_by_step(
    cast: Cast, visit: Visit, draft: Contract, route: Route
) -> None:
    seller = visit(cast.salesperson)
    shown = seller.get(_submission(draft)).content.decode()
    assert cast.manager.name in shown
    assert cast.lawyer.name in shown
    answer = seller.post(_submission(draft), {"remark": "请尽快"})
    request = Request.objects.get()
    address = reverse("approvals:show", args=[request.uid])
    assert answer.headers["Location"] == address
    for person, opinion in ((cast.manager, "价格合理"), (cast.lawyer, "条款无异议")):
        client = visit(person)
        assert draft.title in client.get(reverse("approvals:todo")).content.decode()
        assert client.get(reverse("home:counts")).json()["to_decide"] == 1
        client.post(reverse("approvals:decide", args=[request.uid]), {"act": "agree", "opinion": opinion})
        assert client.get(reverse("home:counts")).json()["to_decide"] == 0
    said = seller.get(address).content.decode()
    assert "价格合理" in said
    assert "已通过" in said
    again = seller.post(_submission(draft), {"remark": ""})
    assert again.status_code == 409
    assert "contract.approved_already" in again.content.decode()


def test_sent_back_needs_a_reason_and_can_be_submitted_again(
    cast: Cast, visit: Visit, draft: Contract, route: Route
) -> None:
    seller, manager = visit(cast.salesperson), visit(cast.manager)
    seller.post(_submission(draft), {})
    request = Request.objects.get()
    decide = reverse("approvals:decide", args=[request.uid])
    assert "驳回须写明原因" in manager.post(decide, {"act": "back", "to": "start"}).content.decode()
    manager.post(decide, {"act": "back", "to": "start", "opinion": "单价再谈"})
    request.refresh_from_db()
    assert request.state == Request.State.RETURNED
    assert manager.post(decide, {"act": "agree"}).status_code == 409
    seller.post(_submission(draft), {})
    assert Request.objects.count() == 2


def test_without_a_route_the_page_says_what_to_do(cast: Cast, visit: Visit, draft: Contract) -> None:
    answer = visit(cast.salesperson).get(_submission(draft))
    assert answer.status_code == 200
    assert "approval.no_route" in answer.content.decode()
    assert visit(cast.salesperson).post(_submission(draft), {}).status_code == 409


def test_what_is_signed_is_not_submitted(cast: Cast, visit: Visit, contract: Contract, route: Route) -> None:
    answer = visit(cast.salesperson).post(_submission(contract), {})
    assert answer.status_code == 409
    assert "contract.not_draft" in answer.content.decode()


def test_who_is_not_asked_does_not_see_it(cast: Cast, visit: Visit, draft: Contract, route: Route) -> None:
    request = approving.submit(draft, by=cast.salesperson)
    assert visit(cast.rival).get(reverse("approvals:show", args=[request.uid])).status_code == 404
    assert visit(cast.rival).post(reverse("approvals:decide", args=[request.uid]), {"act": "agree"}).status_code == 404
    assert (
        visit(cast.auditor).post(reverse("approvals:decide", args=[request.uid]), {"act": "agree"}).status_code == 409
    )


def test_an_edit_under_approval_has_to_be_submitted_anew(
    cast: Cast, visit: Visit, draft: Contract, route: Route
) -> None:
    request = approving.submit(draft, by=cast.salesperson)
    draft.edit({"title": "改过的名称"}, by=cast.salesperson, edit_version=draft.edit_version, why="改名")
    answer = visit(cast.manager).post(reverse("approvals:decide", args=[request.uid]), {"act": "agree"})
    assert answer.status_code == 409
    assert "approval.changed" in answer.content.decode()


def test_a_route_is_drawn_and_redrawn_on_its_page(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    assert "还没有审批流程" in client.get(reverse("approvals:routes")).content.decode()
    form = {
        "name": "大额",
        "owner": str(cast.administrator.uid),
        "at_least": "100万",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-name": "法务",
        "steps-0-people": [str(cast.lawyer.uid)],
        "steps-0-rule": "ALL",
        "steps-0-ORDER": "1",
    }
    nobody = {**form, "steps-0-people": []}
    assert "请选择这一步由谁审批" in client.post(reverse("approvals:route_new"), nobody).content.decode()
    assert client.post(reverse("approvals:route_new"), form).status_code == 302
    route = Route.objects.get()
    page = client.get(reverse("approvals:route", args=[route.uid])).content.decode()
    assert "1,000,000.00" in page
    more = form | {
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "1",
        "steps-1-name": "部门",
        "steps-1-manager": "1",
        "steps-1-rule": "ALL",
        "steps-1-ORDER": "0",
    }
    assert client.post(reverse("approvals:route", args=[route.uid]), more).status_code == 302
    assert [step["name"] for step in route.newest.steps] == ["部门", "法务"]
    assert client.post(reverse("approvals:route_turn", args=[route.uid])).status_code == 302
    assert not Route.objects.get().is_open


def test_a_deputy_decides_and_is_named_so(cast: Cast, visit: Visit, draft: Contract, route: Route) -> None:
    request = approving.submit(draft, by=cast.salesperson)
    manager = visit(cast.manager)
    days = {"deputy": str(cast.archivist.uid), "from_on": "今天", "to_on": "今天+3", "why": "出差"}
    assert manager.post(reverse("approvals:deputies"), days).status_code == 302
    assert "deputy.overlaps" in manager.post(reverse("approvals:deputies"), days).content.decode()
    client = visit(cast.archivist)
    page = client.get(reverse("approvals:show", args=[request.uid]))
    assert page.status_code == 200
    assert f"代{cast.manager.name}" in page.content.decode()
    client.post(reverse("approvals:decide", args=[request.uid]), {"act": "agree", "opinion": ""})
    assert request.seats.get(person=cast.manager).decisions.get().by == cast.archivist
