"""The roles an archive starts with; every one of them can be changed afterwards."""

import os
import time
import uuid

from django.db import migrations

SELLING = [
    "contract.read",
    "contract.create",
    "contract.edit",
    "contract.print",
    "contract.export",
    "document.download",
    "search.use",
    "intake.upload",
    "intake.review",
]
READING = ["contract.read", "contract.print", "contract.export", "document.download", "search.use"]
FILING = [*SELLING, "record.file", "record.unfile", "numbering.edit", "company.edit"]
EVERYTHING = [*FILING, "people.manage", "roles.manage", "ledger.read", "system.manage"]

ROLES = [
    ("salesperson", "销售", "Salesperson", "OWN", SELLING),
    ("sales_manager", "销售主管", "Sales manager", "BELOW", SELLING),
    ("lawyer", "法务", "Lawyer", "ALL", READING),
    ("archivist", "档案员", "Archivist", "ALL", FILING),
    ("auditor", "审计员", "Auditor", "ALL", ["contract.read", "contract.export", "search.use", "ledger.read"]),
    ("viewer", "查阅者", "Viewer", "DEPARTMENT", ["contract.read", "search.use"]),
    ("system_officer", "系统管理员", "System officer", "ALL", ["system.manage", "people.manage"]),
    ("security_officer", "安全保密员", "Security officer", "ALL", ["roles.manage"]),
    ("audit_officer", "安全审计员", "Audit officer", "ALL", ["ledger.read"]),
    ("administrator", "管理员", "Administrator", "ALL", EVERYTHING),
]


def _uuid7():
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def seed(apps, schema_editor):
    """Add the roles."""
    apps.get_model("accounts", "Role").objects.bulk_create(
        [
            apps.get_model("accounts", "Role")(
                uid=_uuid7(), slug=slug, name_zh=zh, name_en=en, scope=scope, capabilities=capabilities, order=order
            )
            for order, (slug, zh, en, scope, capabilities) in enumerate(ROLES, start=1)
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
