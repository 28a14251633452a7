import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tamizdat.lib.money import Money
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models.instrument import Instrument
from tamizdat.payments.providers.base import Order, Page


def new_setup_reference() -> str:
    return secrets.token_urlsafe(16)


class SetupQuerySet(models.QuerySet["Setup"]):
    def open(self) -> Self:
        return self.filter(state__in=Setup.OPEN)

    def quiet(self, *, now: datetime, after: timedelta) -> Self:
        return self.open().filter(created_at__lte=now - after)


class Setup(models.Model):
    """A reader names an instrument that we may charge later. No money is asked for."""

    class State(models.TextChoices):
        NEW = "new"  # a page may have been asked for
        ACTION_REQUIRED = "action_required"  # the reader is at the provider's page
        KEPT = "kept"
        REFUSED = "refused"  # by us, for its country or a halt; the provider was told to forget it
        ABANDONED = "abandoned"  # left, or called off

    OPEN = (State.NEW, State.ACTION_REQUIRED)
    CAME_FROM = {
        State.ACTION_REQUIRED: (State.NEW,),
        State.KEPT: OPEN,
        State.REFUSED: OPEN,
        State.ABANDONED: OPEN,
    }

    # 128 random bits: whoever holds it may see how it went, and nobody can guess it.
    reference = models.CharField(max_length=32, unique=True, default=new_setup_reference)
    provider = models.CharField(max_length=32)
    currency = models.CharField(max_length=3)  # in which it will be charged
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    remote_id = models.CharField(max_length=80, blank=True)
    instrument = models.OneToOneField(
        Instrument, models.PROTECT, null=True, blank=True, related_name="setup"
    )
    return_url = models.URLField(max_length=400)
    language = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SetupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="setup_state_is_one_of_ours",
                condition=Q(
                    state__in=["new", "action_required", "kept", "refused", "abandoned"],
                ),
            ),
            models.CheckConstraint(
                name="setup_has_an_instrument_once_it_is_kept",
                condition=Q(state="kept", instrument__isnull=False)
                | ~Q(state="kept") & Q(instrument__isnull=True),
            ),
            models.CheckConstraint(
                name="setup_that_came_to_nothing_says_why",
                condition=Q(reason="") & ~Q(state__in=["refused", "abandoned"])
                | Q(state__in=["refused", "abandoned"]) & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["provider", "remote_id"],
                condition=~Q(remote_id=""),
                name="setup_remote_id_is_its_own",
            ),
        ]

    def __str__(self) -> str:
        return f"setup {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def key(self) -> str:
        return f"{self.reference}-setup"

    @property
    def order(self) -> Order:
        return Order(key=self.key, money=Money(0, self.currency))

    @property
    def page(self) -> Page:
        return Page(self.return_url, self.language, keep_instrument=True)

    def move_to(self, state: State, **fields: Any) -> None:
        """Raises WrongState unless the row, as it is now, may become `state`."""
        # One UPDATE, not read-then-save: of two that race here, one wins.
        rows = Setup.objects.filter(pk=self.pk, state__in=self.CAME_FROM[state])
        if not rows.update(state=state, **fields):
            raise WrongState(f"{self} cannot become {state}")
        self.refresh_from_db()
