"""Forms of 人员, 部门, 角色."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import CAPABILITIES
from qidang.accounts.models import Department, Role, Scope, User
from qidang.web.forms import QuietForm


class RoleChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Roles as boxes to tick, each named with its data scope."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Role) -> str:
        """Name the role and how far it reaches."""
        return f"{role.name} · {role.get_scope_display()}"


class DepartmentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Departments in the order of the tree, drawn in by their depth."""

    def label_from_instance(self, department: Department) -> str:
        """Draw the name in."""
        return f"{'　' * department.depth}{department.name}"


class PersonForm(QuietForm):
    """What is kept of a person."""

    name = forms.CharField(label=_("姓名"), max_length=100)
    employee_no = forms.CharField(label=_("工号"), max_length=40, required=False)
    department = DepartmentChoice(Department.objects.none(), label=_("部门"), to_field_name="uid", required=False)
    manager = forms.ModelChoiceField(User.objects.none(), label=_("直接上级"), to_field_name="uid", required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
    language = forms.ChoiceField(label=_("语言"), choices=User.Language)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("department", Department.objects.visible_to(by).active())
        self.choose("manager", User.objects.visible_to(by).active())


class NewPersonForm(PersonForm):
    """新增人员: with a name to sign in by, and roles."""

    field_order = ["username", "name", "employee_no", "department", "manager", "email", "language", "roles"]

    username = forms.CharField(label=_("用户名"), max_length=64, help_text=_("登录用，2 到 64 个字母、汉字、数字"))
    roles = RoleChoice(Role.objects.all(), label=_("角色"), required=False)


class RolesForm(QuietForm):
    """授权: exactly these roles."""

    roles = RoleChoice(Role.objects.all(), label=_("角色"), required=False)


class DepartmentForm(QuietForm):
    """部门: name, code for the 档号, and above it."""

    name = forms.CharField(label=_("名称"), max_length=100)
    code = forms.CharField(label=_("代码"), max_length=8, required=False, help_text=_("三位字母或数字，写进档号"))
    parent = DepartmentChoice(
        Department.objects.none(),
        label=_("上级部门"),
        to_field_name="uid",
        required=False,
        empty_label=_("（法人单位）"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("parent", Department.objects.visible_to(by).active())


def capability_choices() -> list[tuple[str, str]]:
    """Return all capabilities with their words in the active language."""
    which = 1 if (get_language() or "zh").startswith("en") else 0
    return [(name, words[which]) for name, words in CAPABILITIES.items()]


class RoleForm(QuietForm):
    """角色: its names, what it may do, and how far."""

    name_zh = forms.CharField(label=_("中文名称"), max_length=50)
    name_en = forms.CharField(label=_("英文名称"), max_length=50)
    scope = forms.ChoiceField(label=_("数据范围"), choices=Scope)
    capabilities = forms.MultipleChoiceField(
        label=_("权限"), choices=capability_choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class NewRoleForm(RoleForm):
    """新增角色, with its short name."""

    field_order = ["slug", "name_zh", "name_en", "scope", "capabilities"]

    slug = forms.SlugField(label=_("代号"), max_length=40, help_text=_("字母、数字、下划线，以后不改"))


class ResetForm(QuietForm):
    """重置密码: for who may do more than oneself, two people and a reason; otherwise nothing is asked."""

    why = forms.CharField(label=_("重置原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
    second = forms.CharField(
        label=_("第二人用户名"),
        max_length=150,
        help_text=_("安全保密员、安全审计员或管理员在此确认"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("第二人密码"), max_length=256, strip=False, widget=forms.PasswordInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, is_shared: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_shared:
            self.fields.clear()
