from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editions", "0002_withdrawn"),
    ]

    operations = [
        migrations.RenameField("edition", "page_count", "baked_count"),
        migrations.AlterField(
            "edition",
            "baked_count",
            models.PositiveIntegerField(verbose_name="pages baked for it"),
        ),
    ]
