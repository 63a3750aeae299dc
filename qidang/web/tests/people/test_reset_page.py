"""重置密码 page: for who may do more than oneself a second person signs at this screen."""

import pytest

from qidang.accounts.models import User
from qidang.cast import PASSWORD, Cast
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db


def address(person: User) -> str:
    return f"/people/{person.uid}/password/"


def test_an_administrator_resets_with_one_button(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    page = client.get(address(cast.archivist)).content.decode()
    assert 'name="second"' not in page
    answer = client.post(address(cast.archivist))
    assert answer.status_code == 200
    assert 'class="told"' in answer.content.decode()


def test_an_officer_is_asked_for_a_second_person_and_a_reason(cast: Cast, visit: Visit) -> None:
    client = visit(cast.system_officer)
    assert 'name="second"' in client.get(address(cast.archivist)).content.decode()
    assert 'class="told"' not in client.post(address(cast.archivist)).content.decode()
    given = {"why": "本人忘记", "second": "security_officer", "password": PASSWORD}
    assert 'class="told"' in client.post(address(cast.archivist), given).content.decode()
    assert User.objects.get(pk=cast.archivist.pk).must_change_password


@pytest.mark.parametrize(
    ("second", "password", "code"),
    [
        ("security_officer", "wrong", "accounts.wrong_credentials"),
        ("manager", PASSWORD, "accounts.second_person"),
        ("archivist", PASSWORD, "accounts.second_person"),
    ],
)
def test_a_second_person_who_does_not_count_is_refused(
    cast: Cast, visit: Visit, second: str, password: str, code: str
) -> None:
    given = {"why": "忘记", "second": second, "password": password}
    answer = visit(cast.system_officer).post(address(cast.archivist), given)
    assert answer.status_code == 409
    assert code in answer.content.decode()
    assert User.objects.get(pk=cast.archivist.pk).check_password(PASSWORD)


def test_who_does_not_keep_people_sees_no_such_page(cast: Cast, visit: Visit) -> None:
    assert visit(cast.security_officer).get(address(cast.archivist)).status_code == 403
