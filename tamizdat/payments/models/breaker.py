from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q


class BreakerQuerySet(models.QuerySet["Breaker"]):
    def of(self, provider: str, *, now: datetime) -> "Breaker":
        breaker, _ = self.get_or_create(provider=provider, defaults={"since": now})
        return breaker

    def tripped(self) -> Self:
        return self.exclude(state=Breaker.State.CLOSED)


class Breaker(models.Model):
    """Whether gifts are begun through a provider: turned off by itself, or by a person."""

    class State(models.TextChoices):
        CLOSED = "closed"  # all is well
        OPEN = "open"  # nothing new is begun
        HALF_OPEN = "half_open"  # a few, who confirmed by mail, show whether it is over

    provider = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.CLOSED)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # none: until a person turns it on
    trips = models.PositiveSmallIntegerField(default=0)  # in a row; each is off for longer
    told_at = models.DateTimeField(null=True, blank=True)  # when staff was

    objects = BreakerQuerySet.as_manager()

    class Meta:
        verbose_name = "way to pay"
        verbose_name_plural = "ways to pay"
        constraints = [
            models.CheckConstraint(
                name="breaker_state_is_one_of_ours",
                condition=Q(state__in=["closed", "open", "half_open"]),
            ),
            models.CheckConstraint(
                name="breaker_has_an_end_only_while_open",
                condition=Q(until__isnull=True) | Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.state}"

    @property
    def is_off(self) -> bool:
        return self.state == self.State.OPEN

    def move_to(self, state: State, *, now: datetime, **fields: Any) -> bool:
        """False if somebody else moved it since it was read."""
        # One UPDATE: of two web processes that see the same failures, one trips it.
        as_read = Breaker.objects.filter(pk=self.pk, state=self.state, since=self.since)
        fields = {"until": None} | fields
        has_moved = bool(as_read.update(state=state, since=now, **fields))
        self.refresh_from_db()
        return has_moved
