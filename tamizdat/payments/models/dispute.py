from datetime import datetime

from django.db import models
from django.db.models import Q

from tamizdat.lib.money import Money
from tamizdat.payments.models.charge import Charge


class Dispute(models.Model):
    """A giver's bank took a payment back. Unless won, its sum is in `Charge.disputed_minor`."""

    class State(models.TextChoices):
        OPEN = "open"  # the money is away, and its bank has not decided
        WON = "won"  # it came back
        LOST = "lost"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="disputes")
    remote_id = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=60, blank=True)  # a code of the provider's
    opened_at = models.DateTimeField()  # when we heard of it
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["charge", "remote_id"], name="dispute_remote_id_is_its_own"
            ),
            models.CheckConstraint(
                name="dispute_state_is_one_of_ours", condition=Q(state__in=["open", "won", "lost"])
            ),
            models.CheckConstraint(
                name="dispute_is_about_something",
                condition=Q(amount_minor__gt=0) & ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="dispute_closed_at_agrees_with_state",
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk} of {self.charge}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.charge.currency)

    def close(self, state: State, *, at: datetime) -> bool:
        """False if it was closed before: nothing leads back from that."""
        rows = Dispute.objects.filter(pk=self.pk, state=self.State.OPEN)
        was_open = bool(rows.update(state=state, closed_at=at))
        self.refresh_from_db()
        return was_open
