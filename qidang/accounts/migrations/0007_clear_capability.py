"""误传清除: archivists, sales managers and administrators may be the second person; changed roles keep what they were."""

from django.db import migrations

CLEARING = ("sales_manager", "archivist", "administrator")


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capability that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=CLEARING):
        if "intake.clear" not in role.capabilities:
            role.capabilities = [*role.capabilities, "intake.clear"]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_secrets_capability")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
