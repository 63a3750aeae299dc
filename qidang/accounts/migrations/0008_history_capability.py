"""补登历史合同: archivists and administrators set the state of past contracts; changed roles keep what they were."""

from django.db import migrations

ENTERING = ("archivist", "administrator")


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capability that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=ENTERING):
        if "contract.enter_history" not in role.capabilities:
            role.capabilities = [*role.capabilities, "contract.enter_history"]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_clear_capability")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
