"""The cast: invented people and departments that the tests and the sample archive share."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qidang.accounts.adding import add_department
from qidang.accounts.models import Department, Role, User

PASSWORD = "Lantern-42-river"  # of tests; the sample archive gives everybody a random one

# key, name, code, key of the department above
DEPARTMENTS = [
    ("qmj", "启明精密机械有限公司", "QMJ", ""),
    ("sales", "销售部", "XSB", "qmj"),
    ("sales_east", "华东销售组", "HDX", "sales"),
    ("sales_south", "华南销售组", "HNX", "sales"),
    ("law", "法务部", "FWB", "qmj"),
    ("archive", "档案室", "DAS", "qmj"),
    ("audit", "内审部", "NSB", "qmj"),
    ("it", "信息部", "XXB", "qmj"),
    ("qmz", "启明智能装备（苏州）有限公司", "QMZ", ""),
    ("sales_suzhou", "销售部", "XSB", "qmz"),
]

# key = username, name, employee number, department, role
PEOPLE = [
    ("manager", "沈怀瑾", "QM0012", "sales", "sales_manager"),
    ("salesperson", "周文澜", "QM0035", "sales_east", "salesperson"),
    ("colleague", "陆星野", "QM0036", "sales_east", "salesperson"),
    ("rival", "韩叶舟", "QM0041", "sales_south", "salesperson"),
    ("suzhou", "顾云汀", "QZ0007", "sales_suzhou", "salesperson"),
    ("lawyer", "宋明淇", "QM0020", "law", "lawyer"),
    ("archivist", "林知秋", "QM0051", "archive", "archivist"),
    ("second_archivist", "白砚书", "QM0052", "archive", "archivist"),
    ("auditor", "程若谷", "QM0060", "audit", "auditor"),
    ("system_officer", "罗庭远", "QM0071", "it", "system_officer"),
    ("security_officer", "方静姝", "QM0072", "it", "security_officer"),
    ("audit_officer", "贺兰溪", "QM0073", "audit", "audit_officer"),
    ("administrator", "秦望舒", "QM0001", "it", "administrator"),
    ("outsider", "江逐浪", "QM0099", "it", ""),
]
REPORTS = {"salesperson": "manager", "colleague": "manager", "rival": "manager"}


@dataclass
class Cast:
    """Everybody and every department, by key: ``cast.salesperson``, ``cast.department("sales_east")``."""

    people: dict[str, User] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)

    def __getattr__(self, key: str) -> User:
        try:
            return self.__dict__["people"][key]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(key) from None

    def department(self, key: str) -> Department:
        """Return the department of that key: ``qmj``, ``sales``, ``sales_east``, ``law``, …"""
        return self.departments[key]


@transaction.atomic
def make_cast(*, password: str = PASSWORD) -> Cast:
    """Make the departments and the people, all with ``password``; for a database where they are not yet."""
    cast = Cast()
    system = User.objects.system()
    for key, name, code, above in DEPARTMENTS:
        cast.departments[key] = add_department(name=name, code=code, parent=cast.departments.get(above), by=system)
    kept = make_password(password)  # once: hashing is slow on purpose
    roles = {role.slug: role for role in Role.objects.all()}
    for key, name, employee_no, department, role in PEOPLE:
        person = User(username=key, name=name, employee_no=employee_no, password=kept)
        person.department = cast.departments[department]
        person.manager = cast.people.get(REPORTS.get(key, ""))
        person.email = f"{key}@example.com"
        person.save()
        person.roles.set([roles[role]] if role else [])
        cast.people[key] = person
    return cast
