from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from tamizdat.payments.errors import WrongState
from tamizdat.payments.models.charge import Charge, written
from tamizdat.payments.models.instrument import Instrument
from tamizdat.payments.providers.base import Order, Page

QUIET = timedelta(minutes=5)  # how long we wait for a webhook before we ask


def key_of(charge: Charge, number: int) -> str:
    """Of an attempt at `charge`, for ever."""
    return f"{charge.reference}-{number}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(state__in=Attempt.OPEN)

    def quiet(self, *, now: datetime) -> Self:
        """Those of which nothing was heard for a while."""
        heard_at = Coalesce(F("checked_at"), F("sent_at"), F("created_at"))
        return self.open().alias(heard_at=heard_at).filter(heard_at__lte=now - QUIET)


class Attempt(models.Model):
    """One try at a charge, under one idempotency key. Its states only move forward."""

    class State(models.TextChoices):
        NEW = "new"  # nothing but a page has been asked for
        ACTION_REQUIRED = "action_required"  # the reader is at the provider's page
        SENT = "sent"  # money has been asked for, outcome unknown: only a fetch resolves it
        PENDING = "pending"  # the provider has it, and is not certain yet
        SUCCEEDED = "succeeded"
        DECLINED = "declined"
        ABANDONED = "abandoned"  # no money moved, and none will

    OPEN = (State.NEW, State.ACTION_REQUIRED, State.SENT, State.PENDING)
    BEFORE_MONEY = (State.NEW, State.ACTION_REQUIRED)
    CAME_FROM = {
        State.ACTION_REQUIRED: (State.NEW,),
        State.SENT: BEFORE_MONEY,
        State.PENDING: (*BEFORE_MONEY, State.SENT),  # from before, where the giver sends it
        State.SUCCEEDED: OPEN,
        State.DECLINED: OPEN,
        State.ABANDONED: OPEN,
    }

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField()
    idempotency_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    remote_id = models.CharField(max_length=80, blank=True)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    keep_instrument = models.BooleanField(default=False)
    return_url = models.URLField(max_length=400, blank=True)
    language = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    is_hard = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["closed_at"], name="attempt_closed_at")]
        constraints = [
            models.UniqueConstraint(fields=["charge", "number"], name="attempt_number_is_its_own"),
            models.UniqueConstraint(
                fields=["charge"],
                condition=Q(state__in=["new", "action_required", "sent", "pending", "succeeded"]),
                name="charge_has_one_live_attempt",
            ),
            models.UniqueConstraint(
                fields=["provider", "remote_id"],
                condition=~Q(remote_id=""),
                name="attempt_remote_id_is_its_own",
            ),
            models.CheckConstraint(
                name="attempt_state_is_one_of_ours",
                condition=Q(
                    state__in=[
                        "new",
                        "action_required",
                        "sent",
                        "pending",
                        "succeeded",
                        "declined",
                        "abandoned",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="attempt_closed_at_agrees_with_state",
                condition=Q(
                    state__in=["succeeded", "declined", "abandoned"], closed_at__isnull=False
                )
                | (
                    ~Q(state__in=["succeeded", "declined", "abandoned"]) & Q(closed_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="attempt_is_sent_before_its_outcome_is_unknown",
                condition=~Q(state__in=["sent", "pending"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_that_reached_the_provider_has_its_id",
                condition=~Q(state__in=["action_required", "pending", "succeeded", "declined"])
                | ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="attempt_that_failed_says_why",
                condition=Q(reason="", is_hard=False) & ~Q(state__in=["declined", "abandoned"])
                | Q(state__in=["declined", "abandoned"]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.charge}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_before_money(self) -> bool:
        """Nothing that could move money has been asked for yet."""
        return self.state in self.BEFORE_MONEY

    @property
    def order(self) -> Order:
        return Order(key=self.idempotency_key, money=self.charge.money)

    @property
    def page(self) -> Page:
        return Page(self.return_url, self.language, self.keep_instrument)

    def move_to(self, state: State, **fields: Any) -> None:
        """Raises WrongState unless the row, as it is now, may become `state`.

        Nor may it point to another payment than the one we looked at.
        """
        # One UPDATE, not read-then-save: of two resolvers that race here, one wins.
        rows = Attempt.objects.filter(pk=self.pk, state__in=self.CAME_FROM[state])
        if not rows.filter(remote_id=self.remote_id).update(state=state, **fields):
            raise WrongState(f"{self} cannot become {state}")
        written(self, state=state, **fields)

    def point_to(self, remote_id: str, *, instead_of: str) -> bool:
        """From now on this payment is the one. False if another resolver was first."""
        rows = Attempt.objects.filter(pk=self.pk, state=self.State.SENT, remote_id=instead_of)
        was_first = bool(rows.update(remote_id=remote_id))
        self.refresh_from_db()
        return was_first
