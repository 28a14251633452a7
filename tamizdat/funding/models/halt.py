from typing import Self

from django.db import models
from django.db.models import Q


class HaltOrderQuerySet(models.QuerySet["HaltOrder"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def over(self, *, provider: str, country: str = "") -> Self:
        """Those in force that forbid taking money there; `country` is the instrument's."""
        return self.in_force().filter(
            Q(country="", provider="")
            | Q(provider=provider, country="")
            | Q(country=country, provider="")
        )


class HaltOrder(models.Model):
    """Nothing is taken from these instruments, from now on, by any worker, until it is lifted.

    No country and no provider means all of them. Lifting lets new gifts be taken; the pledges
    that were halted stay so.
    """

    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1, of the instrument's issuer
    provider = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ordered_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=200, blank=True)

    objects = HaltOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "halt"
        constraints = [
            models.CheckConstraint(
                name="halt_is_of_a_country_or_a_provider_or_all",
                condition=Q(country="") | Q(provider=""),
            ),
            models.CheckConstraint(
                name="halt_country_is_iso_3166",
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
            ),
            models.UniqueConstraint(
                fields=["country", "provider"],
                condition=Q(lifted_at__isnull=True),
                name="halt_in_force_once",
            ),
            models.CheckConstraint(
                name="halt_is_lifted_for_a_reason",
                condition=Q(lifted_at__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"halt {self.pk}"

    @property
    def of(self) -> str:
        """What it forbids, in words."""
        if self.country:
            return f"country {self.country}"
        return f"provider {self.provider}" if self.provider else "all gifts"
