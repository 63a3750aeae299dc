"""涉密误传: security officers and administrators deal with isolated papers; roles changed since keep what they were."""

from django.db import migrations

HANDLING = ("security_officer", "administrator")


def give(apps, schema_editor):
    """Give the roles that an archive starts with the capability that came later."""
    for role in apps.get_model("accounts", "Role").objects.filter(slug__in=HANDLING):
        if "secrets.handle" not in role.capabilities:
            role.capabilities = [*role.capabilities, "secrets.handle"]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_withdraw_capability")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
