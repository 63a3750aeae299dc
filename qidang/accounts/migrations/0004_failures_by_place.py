from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Failures are counted by name and place, by name, and by address; counts of before go on as those by name."""

    dependencies = [("accounts", "0003_hold_capability")]

    operations = [
        migrations.RenameField(model_name="failures", old_name="name_digest", new_name="digest"),
        migrations.AddField(
            model_name="failures",
            name="name_digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="failures",
            name="since",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="failures",
            index=models.Index(fields=["name_digest"], name="failures_of_a_name"),
        ),
    ]
