from django.db import models

from tamizdat.funding.models.supporter import Supporter
from tamizdat.payments.models import Charge


class Contribution(models.Model):
    """A gift made once. How it went, its charge knows."""

    charge = models.OneToOneField(Charge, models.PROTECT, related_name="contribution")
    supporter = models.ForeignKey(
        Supporter, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    source_page = models.CharField(max_length=200, blank=True)
    appeal = models.CharField(max_length=12, blank=True)  # the message that led to it
    arm = models.CharField(max_length=41, blank=True)  # of an experiment: `test.arm`
    language = models.CharField(max_length=12)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["arm"], name="contribution_in_an_arm"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"
