from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from tamizdat.funding.models.pledge import Pledge
from tamizdat.funding.models.supporter import Supporter
from tamizdat.payments.models import Charge

# Longer than any mail server is waited for: whoever claimed it that long ago has crashed.
CLAIM_LIFETIME = timedelta(minutes=10)


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
    claimed_at = models.DateTimeField(null=True, blank=True)  # by a worker that is sending it

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

    def claim(self, *, now: datetime) -> bool:
        """True for the one worker that is to send it now."""
        # One UPDATE: of two workers here one sends. After a crash another one does, perhaps twice:
        # a second receipt harms less than a lost link to stop.
        is_free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIFETIME)
        return bool(Letter.objects.filter(is_free, pk=self.pk).update(claimed_at=now))
