"""保全: lawyers, archivists and administrators place and release holds; roles changed since keep what they were."""

from django.db import migrations

HOLDING = ("lawyer", "archivist", "administrator")


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capability that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=HOLDING):
        if "contract.hold" not in role.capabilities:
            role.capabilities = [*role.capabilities, "contract.hold"]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
