from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Failures are counted by name and place, by name, and by address; counts of before go on as those by name."""

    dependencies = [("accounts", "0002_roles")]

    operations = [
        migrations.RenameField(model_name="failures", old_name="name_digest", new_name="digest"),
        migrations.AddField(
            model_name="failures",
            name="name_digest",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="failures",
            name="since",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
    ]
