from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from tamizdat.funding.models.pledge import Pledge
from tamizdat.payments.models import Charge

# Days from one try to the next: on day 0, 3, 7 and 14. The last is when we stop waiting.
GAPS = (timedelta(days=3), timedelta(days=4), timedelta(days=7), timedelta(days=7))


class Due(models.Model):
    """One gift of a pledge: a period that is paid once, however often the bank is asked."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="dues")
    period_on = models.DateField()  # the day it fell due
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="due")
    tries = models.PositiveSmallIntegerField(default=0)  # without the reader
    retry_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "period_on"], name="due_once_a_period"),
            models.CheckConstraint(
                name="due_is_tried_at_most_four_times", condition=Q(tries__lte=len(GAPS))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge}, {self.period_on}"

    @property
    def is_tried_out(self) -> bool:
        return self.tries >= len(GAPS)

    def wait_until(self, day: date) -> None:
        """No try before that day."""
        Due.objects.filter(pk=self.pk, retry_on__lt=day).update(retry_on=day)
        self.refresh_from_db()

    def take_try(self, *, today: date) -> bool:
        """Take the next try, and write down when the one after it would be.

        True for one worker only. Should that one crash before it asks the bank, the try is
        lost and the next one comes in its time.
        """
        seen = Due.objects.filter(pk=self.pk, tries=self.tries, retry_on__lte=today)
        claimed = seen.update(tries=F("tries") + 1, retry_on=today + GAPS[self.tries])
        self.refresh_from_db()
        return bool(claimed)

    def give_back_try(self) -> None:
        """Nobody was asked. The next one comes in its time all the same."""
        Due.objects.filter(pk=self.pk, tries__gt=0).update(tries=F("tries") - 1)
        self.refresh_from_db()
