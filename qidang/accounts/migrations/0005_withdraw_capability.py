"""撤销登记: who registers may also take a wrong registration back; roles changed since keep what they were."""

from django.db import migrations

WITHDRAWING = ("salesperson", "sales_manager", "archivist", "administrator")


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capability that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=WITHDRAWING):
        if "contract.withdraw" not in role.capabilities:
            role.capabilities = [*role.capabilities, "contract.withdraw"]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_failures_by_place")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
