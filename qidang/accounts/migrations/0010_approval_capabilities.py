"""审批: administrators design routes; who watches over contracts sees the approvals in his reach."""

from django.db import migrations

GIVEN = {
    "administrator": ("approval.read", "approval.design"),
    "sales_manager": ("approval.read",),
    "lawyer": ("approval.read",),
    "auditor": ("approval.read",),
}


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capabilities that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=GIVEN):
        fresh = [one for one in GIVEN[role.slug] if one not in role.capabilities]
        if fresh:
            role.capabilities = [*role.capabilities, *fresh]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_approvals")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
