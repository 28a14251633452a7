from django.db import models
from django.db.models import Q

from tamizdat.funding.models.pledge import Pledge
from tamizdat.funding.models.supporter import Supporter
from tamizdat.payments.models import Charge


class Letter(models.Model):
    """A mail that waits to be sent. Written with what it tells of; deleted when it is sent."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        FAILED = "failed"
        LAPSED = "lapsed"
        CHANGED = "changed"
        PAUSED = "paused"
        RESUMED = "resumed"
        STOPPED = "stopped"
        LINK = "link"

    kind = models.CharField(max_length=8, choices=Kind)
    supporter = models.ForeignKey(Supporter, models.CASCADE, related_name="letters")
    pledge = models.ForeignKey(
        Pledge, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    charge = models.ForeignKey(
        Charge, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_kind_is_one_of_ours",
                condition=Q(
                    kind__in=[
                        "receipt",
                        "failed",
                        "lapsed",
                        "changed",
                        "paused",
                        "resumed",
                        "stopped",
                        "link",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="letter_tells_of_a_pledge_or_a_charge",
                condition=Q(kind="link")
                | Q(kind="receipt", charge__isnull=False)
                | Q(pledge__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.supporter}"
