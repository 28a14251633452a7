from django.db import models


class CsvLayout(models.Model):
    """How one bank writes its CSV: found again by its row of headings."""

    headings = models.JSONField()  # as they stand in the file
    digest = models.CharField(max_length=64, unique=True)  # of the headings
    account = models.CharField(max_length=34)  # our IBAN: such files seldom name it
    currency = models.CharField(max_length=3)  # where no column says it
    encoding = models.CharField(max_length=12)
    delimiter = models.CharField(max_length=1)
    decimal_sign = models.CharField(max_length=1)
    day_format = models.CharField(max_length=12)
    columns = models.JSONField()  # what is meant → headings; texts may be several

    class Meta:
        verbose_name = "CSV layout"

    def __str__(self) -> str:
        return f"CSV layout {self.pk}"
