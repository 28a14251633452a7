from django.db import migrations, models
from django.db.models.functions import MD5, Left

import tamizdat.payments.models.charge


def keep_as_printed(apps, schema_editor):
    """The number on a receipt was a digest until it was kept, and is on paper."""
    apps.get_model("payments", "Charge").objects.update(receipt_digits=Left(MD5("reference"), 16))


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_forgetting"),
    ]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="receipt_digits",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.RunPython(keep_as_printed, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="charge",
            name="receipt_digits",
            field=models.CharField(
                default=tamizdat.payments.models.charge.new_receipt_digits,
                max_length=16,
                unique=True,
            ),
        ),
    ]
