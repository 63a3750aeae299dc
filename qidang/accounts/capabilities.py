"""权限: everything a role can allow, and the question whether a person may."""

from qidang.accounts.scopes import Placed, Seeker, reach
from qidang.kit.refusal import Refused

CAPABILITIES: dict[str, tuple[str, str]] = {
    "contract.read": ("查看合同", "View contracts"),
    "contract.create": ("登记合同", "Register contracts"),
    "contract.edit": ("修改合同", "Edit contracts"),
    "contract.hold": ("保全与解除保全", "Place and release holds"),
    "contract.withdraw": ("撤销与恢复登记", "Withdraw and restore registrations"),
    "contract.enter_history": ("补登历史合同", "Enter past contracts"),
    "contract.print": ("打印合同", "Print contracts"),
    "contract.export": ("导出台账", "Export the register"),
    "document.download": ("下载正文与附件", "Download documents"),
    "search.use": ("全文检索", "Search"),
    "intake.upload": ("上传文件", "Upload files"),
    "intake.review": ("核对与登记到件", "Review arrivals"),
    "intake.clear": ("误传清除", "Remove papers brought by mistake"),
    "secrets.handle": ("处置涉密误传", "Handle isolated state secrets"),
    "record.file": ("归档", "File records"),
    "record.unfile": ("撤销归档", "Undo a filing"),
    "numbering.edit": ("设置编号规则", "Edit number rules"),
    "approval.read": ("查看审批", "View approvals"),
    "approval.design": ("设置审批流程", "Design approval routes"),
    "company.edit": ("维护客户与签约主体", "Manage customers and entities"),
    "people.manage": ("维护人员与部门", "Manage people and departments"),
    "roles.manage": ("设置角色与授权", "Manage and assign roles"),
    "ledger.read": ("查看全部操作日志", "View the whole log"),
    "system.manage": ("系统设置与维护", "Maintain the system"),
}


def may(user: Seeker, capability: str, thing: Placed | None = None) -> bool:
    """Return whether ``user`` has ``capability``, and where a ``thing`` is given, for that thing."""
    reached = reach(user, capability)
    return bool(reached) if thing is None else reached.covers(thing)


def may_place(user: Seeker, capability: str, department: Placed) -> bool:
    """Return whether ``user`` may put something new into ``department``: one within reach, or his own.

    Who reaches only what is his own (本人) has one department in which his things stand.
    """
    reached = reach(user, capability)
    is_own = reached.own and department.department_id == getattr(user, "department_id", None)
    return is_own or reached.covers(department)


def require_everywhere(user: Seeker, capability: str) -> None:
    """Refuse with ``accounts.not_allowed`` unless ``user`` has ``capability`` for everything."""
    if not reach(user, capability).everything:
        raise _not_allowed(capability)


def require_in(user: Seeker, capability: str, department: Placed | None) -> None:
    """Refuse unless ``user`` may in ``department``; what stands in no department is for who may everywhere."""
    if department is None:
        require_everywhere(user, capability)
    else:
        require(user, capability, department)


def require(user: Seeker, capability: str, thing: Placed | None = None) -> None:
    """Refuse with ``accounts.not_allowed`` unless ``user`` may."""
    if not may(user, capability, thing):
        raise _not_allowed(capability)


def _not_allowed(capability: str) -> Refused:
    zh, en = CAPABILITIES[capability]
    return Refused("accounts.not_allowed", capability=capability, zh=zh, en=en)
