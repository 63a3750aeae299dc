"""人员: joining, changing, leaving, and who keeps them."""

from collections.abc import Callable

import pytest

from qidang.accounts.adding import add_person, add_role, create_admin
from qidang.accounts.changing import change_person, change_role, disable_person, enable_person, give_roles
from qidang.accounts.models import Role, User
from qidang.accounts.passwords import KindsValidator, change_password, problems, random_password, reset_password
from qidang.cast import PASSWORD, Cast
from qidang.kit.refusal import Refused
from qidang.ledger import Entry


def role(slug: str) -> Role:
    """Return a seeded role."""
    return Role.objects.get(slug=slug)


def last() -> Entry:
    """Return the newest entry of the chain ``acts``."""
    return Entry.objects.filter(chain="acts").latest("seq")


def test_a_person_joins_with_a_random_password_that_must_be_changed(cast: Cast) -> None:
    person, told = add_person(
        username="Ｘu.Mo", name="许墨", department=cast.department("law"), roles=[role("lawyer")], by=cast.administrator
    )
    assert person.username == "xu.mo"
    assert person.check_password(told) and person.must_change_password
    assert person.holds("contract.read")
    assert (last().act, last().actor_uid) == ("person.added", cast.administrator.uid)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "lawyer"}, "accounts.username_taken"),
        ({"employee_no": "QM0020"}, "accounts.employee_no_taken"),
        ({"username": "cli:root"}, "accounts.malformed"),
        ({"username": "a b"}, "accounts.malformed"),
        ({"name": ""}, "accounts.malformed"),
        ({"email": "not an address"}, "accounts.malformed"),
        ({"password": "short"}, "accounts.weak_password"),
    ],
)
def test_a_person_who_does_not_fit_is_refused_and_nothing_is_left(
    cast: Cast, changes: dict[str, str], code: str
) -> None:
    before = User.objects.count()
    with pytest.raises(Refused) as refusal:
        add_person(**({"username": "new", "name": "新人", "by": cast.administrator} | changes))  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert User.objects.count() == before


def test_who_does_not_keep_people_cannot_add_change_disable_or_reset(cast: Cast) -> None:
    acts: list[Callable[[], object]] = [
        lambda: add_person(username="new", name="新人", by=cast.manager),
        lambda: change_person(cast.lawyer, by=cast.manager, name="宋"),
        lambda: disable_person(cast.lawyer, by=cast.manager),
        lambda: enable_person(cast.lawyer, by=cast.manager),
        lambda: give_roles(cast.lawyer, [], by=cast.manager),
        lambda: reset_password(cast.lawyer, by=cast.manager),
    ]
    for act in acts:
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            act()


def test_the_system_officer_keeps_people_but_gives_no_roles(cast: Cast) -> None:
    add_person(username="new", name="新人", by=cast.system_officer)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        add_person(username="newer", name="新人", roles=[role("viewer")], by=cast.system_officer)
    give_roles(cast.outsider, [role("viewer")], by=cast.security_officer)
    assert cast.outsider.holds("contract.read")


def test_the_keeper_of_one_department_keeps_no_other(cast: Cast) -> None:
    local = add_role(
        slug="local", name_zh="部门人事", name_en="Local", capabilities=["people.manage"], scope="BELOW",
        by=cast.administrator,
    )  # fmt: skip
    give_roles(cast.manager, [local], by=cast.administrator)
    change_person(cast.salesperson, by=cast.manager, name="周文澜澜")
    for act in (
        lambda: change_person(cast.lawyer, by=cast.manager, name="宋"),
        lambda: change_person(cast.salesperson, by=cast.manager, department=cast.department("law")),
        lambda: add_person(username="new", name="新人", by=cast.manager),
    ):
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            act()


def test_a_change_is_recorded_with_old_and_new_and_only_where_something_changed(cast: Cast) -> None:
    change_person(cast.colleague, by=cast.administrator, name="陆星野", department=cast.department("sales_south"))
    assert last().act == "person.changed"
    assert '"department":["华东销售组","华南销售组"]' in last().details.body.replace(" ", "")
    assert "name" not in last().details.body
    count = Entry.objects.count()
    change_person(cast.colleague, by=cast.administrator, name="陆星野")
    assert Entry.objects.count() == count


def test_a_form_that_filled_the_person_already_hides_no_change(cast: Cast) -> None:
    cast.colleague.name = "陆星"
    change_person(cast.colleague, by=cast.administrator, name="陆星")
    assert last().act == "person.changed"
    assert User.objects.get(pk=cast.colleague.pk).name == "陆星"


def test_nobody_reports_to_his_own_report(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.manager_loop"):
        change_person(cast.manager, by=cast.administrator, manager=cast.salesperson)
    with pytest.raises(Refused, match=r"accounts\.manager_loop"):
        change_person(cast.manager, by=cast.administrator, manager=cast.manager)


def test_nobody_disables_himself_or_changes_his_own_roles(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.not_oneself"):
        disable_person(cast.administrator, by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.not_oneself"):
        give_roles(cast.security_officer, [role("archivist")], by=cast.security_officer)
    with pytest.raises(Refused, match=r"accounts\.own_role"):
        change_role(
            role("security_officer"), name_zh="安全保密员", name_en="Security officer",
            capabilities=["roles.manage", "contract.read"], scope="ALL", by=cast.security_officer,
        )  # fmt: skip


def test_the_last_administrator_stays(cast: Cast) -> None:
    system = User.objects.system()
    disable_person(cast.security_officer, by=system)
    disable_person(cast.system_officer, by=system)
    for act in (
        lambda: disable_person(cast.administrator, by=system),
        lambda: give_roles(cast.administrator, [role("viewer")], by=system),
        lambda: change_role(
            role("administrator"), name_zh="管理员", name_en="Administrator", capabilities=["contract.read"],
            scope="ALL", by=system,
        ),
    ):  # fmt: skip
        with pytest.raises(Refused, match=r"accounts\.last_administrator"):
            act()
    assert User.objects.get(pk=cast.administrator.pk).holds("people.manage") is True


def test_with_the_officers_in_office_the_administrator_may_go(cast: Cast) -> None:
    disable_person(cast.administrator, by=cast.system_officer)
    assert not User.objects.get(pk=cast.administrator.pk).is_active
    enable_person(cast.administrator, by=cast.system_officer)
    assert User.objects.get(pk=cast.administrator.pk).holds("system.manage")


def test_one_person_is_one_officer_at_most(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.officers_apart"):
        give_roles(cast.outsider, [role("audit_officer"), role("system_officer")], by=cast.administrator)


def test_no_officer_reads_a_contract(cast: Cast) -> None:
    for officer in (cast.system_officer, cast.security_officer, cast.audit_officer):
        assert not officer.holds("contract.read") and not officer.holds("search.use")


def test_service_people_are_left_alone(cast: Cast) -> None:
    for act in (
        lambda: disable_person(User.objects.system(), by=cast.administrator),
        lambda: reset_password(User.objects.system(), by=cast.administrator),
    ):
        with pytest.raises(Refused, match=r"accounts\.service_person"):
            act()


def test_who_keeps_a_department_gives_no_password_to_who_reaches_beyond_it(cast: Cast) -> None:
    keeper = Role.objects.create(slug="keeper", name_zh="部门人事", name_en="Keeper", scope="DEPARTMENT")
    keeper.capabilities = ["people.manage"]
    keeper.save()
    cast.outsider.roles.add(keeper)
    newcomer = User.objects.create(username="new", name="新人", department=cast.department("it"))
    assert reset_password(newcomer, by=cast.outsider)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        reset_password(cast.administrator, by=cast.outsider)


def test_the_command_line_makes_the_first_administrator(db: None) -> None:
    person, told = create_admin(username="admin", name="管理员", by=User.objects.cli())
    assert person.holds("people.manage") and person.check_password(told)
    assert last().actor_name.startswith("cli:")


def test_who_is_seen_in_the_address_book(cast: Cast) -> None:
    disable_person(cast.rival, by=cast.administrator)
    everybody = User.objects.visible_to(cast.administrator)
    assert cast.rival in everybody
    assert cast.rival not in User.objects.visible_to(cast.lawyer)
    assert cast.salesperson in User.objects.visible_to(cast.lawyer)
    assert list(User.objects.visible_to(cast.outsider)) == [cast.outsider]


def test_a_password_is_changed_by_who_knows_the_old_one(cast: Cast) -> None:
    change_password(cast.lawyer, old=PASSWORD, new="Mountain-77-cloud")
    assert User.objects.get(pk=cast.lawyer.pk).check_password("Mountain-77-cloud")
    assert last().act == "password.changed"
    with pytest.raises(Refused, match=r"accounts\.wrong_password"):
        change_password(cast.lawyer, old=PASSWORD, new="Mountain-78-cloud")


def test_guessing_the_old_password_locks_too(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match=r"accounts\.wrong_password"):
            change_password(cast.lawyer, old="wrong", new="Mountain-77-cloud")
    with pytest.raises(Refused, match=r"accounts\.locked"):
        change_password(cast.lawyer, old=PASSWORD, new="Mountain-77-cloud")


@pytest.mark.parametrize("new", ["short-1A", "lowercase-only", "1234567890", "lawyer-宋明淇", "Password123", PASSWORD])
def test_a_weak_password_is_refused(cast: Cast, new: str) -> None:
    with pytest.raises(Refused, match=r"accounts\.weak_password"):
        change_password(cast.lawyer, old=PASSWORD, new=new)


def test_a_sentence_and_our_own_random_passwords_are_good(cast: Cast) -> None:
    assert problems("床前明月光疑是地上霜举头望明月低头思故乡", cast.lawyer) == []
    assert problems(random_password(), cast.lawyer) == []
    assert len({random_password() for _ in range(100)}) == 100
    assert "三类" in KindsValidator().get_help_text()


def test_unknown_capabilities_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.unknown_capability"):
        add_role(slug="x", name_zh="某", name_en="X", capabilities=["world.rule"], scope="ALL", by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.malformed"):
        add_role(slug="x", name_zh="某", name_en="X", capabilities=[], scope="UNIVERSE", by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.role_taken"):
        add_role(slug="x", name_zh="法务", name_en="X", capabilities=[], scope="ALL", by=cast.administrator)
