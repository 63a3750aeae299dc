"""The retention rules to start with: 永久, 30年, 10年 (DA/T 22-2015)."""

from django.db import migrations

RULES = [("Y", "永久", "Permanent", None), ("D30", "30年", "30 years", 30), ("D10", "10年", "10 years", 10)]


def seed(apps, schema_editor):
    rules = apps.get_model("holdings", "RetentionRule")
    rules.objects.bulk_create(
        rules(code=code, name_zh=name_zh, name_en=name_en, years=years) for code, name_zh, name_en, years in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("holdings", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
