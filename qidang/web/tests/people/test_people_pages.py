"""人员, 部门, 角色."""

import pytest

from qidang.accounts.models import Department, Role, User
from qidang.cast import Cast
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db


def test_a_person_is_added_and_the_password_is_shown_once(cast: Cast, visit: Visit) -> None:
    form = {
        "username": "newcomer",
        "name": "新来",
        "language": "zh-hans",
        "department": str(cast.department("law").uid),
    }
    page = visit(cast.administrator).post("/people/new/", form).content.decode()
    assert User.objects.get(username="newcomer").must_change_password
    assert 'class="told"' in page


def test_a_username_that_is_taken_is_refused(cast: Cast, visit: Visit) -> None:
    form = {"username": "salesperson", "name": "同名", "language": "zh-hans"}
    answer = visit(cast.administrator).post("/people/new/", form)
    assert answer.status_code == 409
    assert "accounts.username_taken" in answer.content.decode()


def test_who_does_not_keep_people_is_refused(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    for page in ("people/", "people/new/", f"people/{cast.rival.uid}/", "departments/", "roles/", "roles/new/"):
        assert client.get(f"/{page}").status_code == 403


def test_somebody_is_disabled_and_enabled_again(cast: Cast, visit: Visit) -> None:
    client, page = visit(cast.administrator), f"/people/{cast.rival.uid}/"
    client.post(f"{page}disabling/", {"why": "离职"})
    assert not User.objects.get(pk=cast.rival.pk).is_active
    client.post(f"{page}enabling/")
    assert User.objects.get(pk=cast.rival.pk).is_active


def test_nobody_disables_himself(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.administrator).post(f"/people/{cast.administrator.uid}/disabling/", {"why": "试试"})
    assert answer.status_code == 409


def test_roles_are_given(cast: Cast, visit: Visit) -> None:
    viewer = Role.objects.get(slug="viewer")
    visit(cast.administrator).post(f"/people/{cast.outsider.uid}/roles/", {"roles": [viewer.pk]})
    assert list(cast.outsider.roles.all()) == [viewer]


def test_a_department_is_added_renamed_and_disabled(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    client.post("/departments/", {"name": "市场部", "code": "SCB", "parent": str(cast.department("qmj").uid)})
    made = Department.objects.get(name="市场部")
    page = f"/departments/{made.uid}/"
    client.post(page, {"name": "市场一部", "code": "SCB", "parent": str(cast.department("qmj").uid)})
    client.post(f"{page}disabling/")
    made.refresh_from_db()
    assert [made.name, made.is_active] == ["市场一部", False]


def test_a_role_is_added_and_changed(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    form = {"slug": "clerk", "name_zh": "文员", "name_en": "Clerk", "scope": "OWN", "capabilities": ["contract.read"]}
    client.post("/roles/new/", form)
    made = Role.objects.get(slug="clerk")
    client.post(f"/roles/{made.uid}/", form | {"capabilities": ["contract.read", "search.use"]})
    made.refresh_from_db()
    assert made.capabilities == ["contract.read", "search.use"]


def test_editing_a_person_keeps_a_department_and_a_manager_that_are_disabled(cast: Cast, visit: Visit) -> None:
    one = cast.salesperson
    Department.objects.filter(people=one).update(is_active=False)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    page = visit(cast.administrator).get(f"/people/{one.uid}/").content.decode()
    assert f'<option value="{cast.department("sales_east").uid}" selected>' in page
    assert f'<option value="{cast.manager.uid}" selected>' in page
