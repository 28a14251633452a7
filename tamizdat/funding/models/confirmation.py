from datetime import datetime, timedelta

from django.db import models

from tamizdat.payments.models import Charge

LIFETIME = timedelta(hours=24)  # of the link, and of what follows from it


class Confirmation(models.Model):
    """That a gift must be confirmed from its giver's mailbox, and whether it was."""

    charge = models.OneToOneField(Charge, models.CASCADE, related_name="confirmation")
    provider = models.CharField(max_length=32)  # where the giver wanted to pay
    asked_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"confirmation of {self.charge}"

    def use(self, *, now: datetime) -> bool:
        """True for the first press only."""
        unused = Confirmation.objects.filter(pk=self.pk, used_at=None)
        was_first = bool(unused.update(used_at=now))
        self.refresh_from_db()
        return was_first

    def is_in_force(self, *, now: datetime) -> bool:
        """Whether its giver showed a mailbox for this gift, lately."""
        return self.used_at is not None and self.used_at > now - LIFETIME
