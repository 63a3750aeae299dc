"""重置密码: nobody takes the rights of another to himself alone."""

import pytest

from qidang.accounts.models import Role, Scope, User
from qidang.accounts.passwords import holds_more, reset_password
from qidang.cast import PASSWORD, Cast
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def test_an_officer_alone_does_not_reset_who_may_do_more(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.needs_second"):
        reset_password(cast.archivist, by=cast.system_officer)
    cast.archivist.refresh_from_db()
    assert cast.archivist.check_password(PASSWORD)


def test_with_a_second_person_it_is_done_and_both_stand_in_the_ledger(cast: Cast) -> None:
    told = reset_password(cast.archivist, by=cast.system_officer, second=cast.security_officer, why=" 本人忘记 ")
    cast.archivist.refresh_from_db()
    assert cast.archivist.check_password(told) and cast.archivist.must_change_password
    entry = follow(0)[-1]
    assert (entry.act, entry.actor_uid) == ("password.reset_by_two", cast.system_officer.uid)
    assert [subject.uid for subject in entry.subjects.all()] == [cast.archivist.uid, cast.security_officer.uid]
    assert "本人忘记" in entry.details.body


@pytest.mark.parametrize("second", ["system_officer", "archivist", "second_archivist", "manager", "outsider"])
def test_the_second_person_is_somebody_else_who_watches_over_rights(cast: Cast, second: str) -> None:
    with pytest.raises(Refused, match=r"accounts\.second_person"):
        reset_password(cast.archivist, by=cast.system_officer, second=cast.people[second], why="忘记")


def test_a_service_person_is_no_second_person(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.second_person"):
        reset_password(cast.archivist, by=cast.system_officer, second=User.objects.system(), why="忘记")


def test_without_a_reason_it_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.why_missing"):
        reset_password(cast.archivist, by=cast.system_officer, second=cast.security_officer, why="  ")


def test_the_only_security_officer_is_not_locked_out_for_ever(cast: Cast) -> None:
    assert holds_more(cast.security_officer, cast.system_officer)
    assert reset_password(cast.security_officer, by=cast.system_officer, second=cast.audit_officer, why="忘记")


def test_who_may_all_that_the_other_may_resets_alone(cast: Cast) -> None:
    assert not holds_more(cast.archivist, cast.administrator)
    assert reset_password(cast.archivist, by=cast.administrator)
    assert follow(0)[-1].act == "password.reset"
    assert reset_password(cast.outsider, by=cast.system_officer)


def test_rights_that_reach_further_count_as_more(cast: Cast) -> None:
    keeper = Role(slug="keeper", name_zh="部门主管", name_en="Keeper", scope=Scope.DEPARTMENT)
    keeper.capabilities = ["people.manage", "contract.read"]
    keeper.save()
    cast.outsider.roles.add(keeper)
    mate = User.objects.create(username="mate", name="同事", department=cast.department("it"))
    reader = Role.objects.create(
        slug="below", name_zh="下级", name_en="Below", scope=Scope.BELOW, capabilities=["contract.read"]
    )
    mate.roles.add(reader)
    assert holds_more(mate, cast.outsider)
    reader.scope = Scope.DEPARTMENT
    reader.save()
    assert not holds_more(User.objects.get(pk=mate.pk), User.objects.get(pk=cast.outsider.pk))
