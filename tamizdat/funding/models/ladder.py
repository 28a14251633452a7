from typing import Self

from django.db import models
from django.db.models import F, Q

from tamizdat.funding.models.pledge import Pledge
from tamizdat.lib.money import Money

MOST_PRESETS = 6


class AmountLadderQuerySet(models.QuerySet["AmountLadder"]):
    def currencies(self) -> list[str]:
        """In which a gift can be made."""
        return sorted(set(self.values_list("currency", flat=True)))

    def in_order(self) -> Self:
        return self.order_by("currency", "interval")


class AmountLadder(models.Model):
    """The amounts proposed and allowed in one currency: set by hand, never by an exchange rate.

    The ask, the checkout and the server's own check all read them from here.
    """

    class Interval(models.TextChoices):
        MONTH = Pledge.Interval.MONTH.value, "each month"
        YEAR = Pledge.Interval.YEAR.value, "each year"
        ONCE = "once", "once"

    currency = models.CharField(max_length=3, help_text="Such as USD or EUR.")
    interval = models.CharField(max_length=5, choices=Interval)
    presets_minor = models.JSONField(default=list)
    proposed_minor = models.BigIntegerField()
    least_minor = models.BigIntegerField()
    most_minor = models.BigIntegerField()

    objects = AmountLadderQuerySet.as_manager()

    class Meta:
        verbose_name = "amounts"
        verbose_name_plural = "amounts"
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "interval"], name="ladder_one_per_currency_and_interval"
            ),
            models.CheckConstraint(
                name="ladder_interval_is_one_of_ours",
                condition=Q(interval__in=["month", "year", "once"]),
            ),
            models.CheckConstraint(
                name="ladder_currency_is_iso_4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="ladder_proposes_what_it_allows",
                condition=Q(
                    least_minor__gt=0,
                    proposed_minor__gte=F("least_minor"),
                    most_minor__gte=F("proposed_minor"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.get_interval_display()}"

    @property
    def presets(self) -> list[Money]:
        return [Money(minor, self.currency) for minor in self.presets_minor]

    @property
    def proposed(self) -> Money:
        return Money(self.proposed_minor, self.currency)

    @property
    def least(self) -> Money:
        return Money(self.least_minor, self.currency)

    @property
    def most(self) -> Money:
        return Money(self.most_minor, self.currency)
