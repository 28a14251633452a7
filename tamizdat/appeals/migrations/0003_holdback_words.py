from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0002_message_picture")]

    operations = [
        migrations.AlterField(
            model_name="asking",
            name="holdback",
            field=models.DecimalField(
                decimal_places=2,
                default=0,
                help_text="2 means two in a hundred: they see no banner and no ask, and nothing is counted of them. 0 for none.",
                max_digits=4,
                verbose_name="readers who are never asked, in hundredths",
            ),
        ),
    ]
