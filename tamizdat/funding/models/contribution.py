from django.db import models

from tamizdat.funding.models.supporter import Supporter
from tamizdat.payments.models import Charge


class Contribution(models.Model):
    """A gift made once. How it went, its charge knows."""

    charge = models.OneToOneField(Charge, models.PROTECT, related_name="contribution")
    supporter = models.ForeignKey(
        Supporter, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    source_path = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contribution {self.pk}"
