from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tamizdat.funding.models.supporter import GOING_ON, Supporter, new_public_id
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on, number_at
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Instrument, Setup
from tamizdat.payments.models.charge import written


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def due(self, *, on: date) -> Self:
        """Those to be charged by `on`; a pause that is over is among them."""
        return self.filter(state__in=Pledge.CHARGEABLE, next_due_on__lte=on)

    def unheard(self) -> Self:
        """Those that go on while mail to their supporter comes back."""
        return self.filter(state__in=GOING_ON, supporter__bounced_on__isnull=False)


class Pledge(models.Model):
    """A gift each month or year, until its reader says otherwise."""

    class Interval(models.TextChoices):
        MONTH = "month"
        YEAR = "year"

    EVERY: dict[str, int] = {Interval.MONTH: 1, Interval.YEAR: 12}  # months

    class State(models.TextChoices):
        INCOMPLETE = "incomplete"  # promised, nothing paid yet
        ACTIVE = "active"
        STANDING = "standing"  # its reader's bank sends each gift: nobody is ever asked
        PAUSED = "paused"  # until next_due_on
        PAST_DUE = "past_due"  # the bank said no; we ask again
        UNCONFIRMED = "unconfirmed"  # the bank wants to hear from its reader first
        LAPSED = "lapsed"  # we gave up asking
        STOPPED = "stopped"  # by its reader
        HALTED = "halted"  # by us, because a gift could endanger; never resumes by itself

    CHARGEABLE = (State.ACTIVE, State.PAST_DUE, State.UNCONFIRMED, State.PAUSED)
    OWING = (State.PAST_DUE, State.UNCONFIRMED)  # its reader can pay at the bank's page
    ENDED = (State.LAPSED, State.STOPPED, State.HALTED)
    CAME_FROM = {
        State.ACTIVE: (State.INCOMPLETE, *CHARGEABLE),
        State.STANDING: (State.INCOMPLETE,),
        State.PAUSED: (State.ACTIVE, State.PAUSED),
        State.PAST_DUE: (State.ACTIVE, *OWING),
        State.UNCONFIRMED: (State.ACTIVE, *OWING),
        State.LAPSED: (State.ACTIVE, *OWING),
        State.STOPPED: (State.INCOMPLETE, State.STANDING, *CHARGEABLE),
        State.HALTED: (State.INCOMPLETE, State.STANDING, *CHARGEABLE),
    }

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    supporter = models.ForeignKey(Supporter, models.PROTECT, related_name="pledges")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=5, choices=Interval)
    state = models.CharField(max_length=12, choices=State, default=State.INCOMPLETE)
    # The day of the first gift, or of the first one after its reader chose another day.
    anchor_on = models.DateField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    setup = models.OneToOneField(  # by which its reader names another instrument
        Setup, models.SET_NULL, null=True, blank=True, related_name="pledge"
    )
    told_expiry_on = models.DateField(null=True, blank=True)  # the last day its reader was told of
    source_page = models.CharField(max_length=200, blank=True)
    appeal = models.CharField(max_length=12, blank=True)  # the message that led to it
    arm = models.CharField(max_length=41, blank=True)  # of an experiment: `test.arm`
    # A blind index of what an earlier system called it: so that it is taken in once.
    imported_as = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    created_at = models.DateTimeField()

    objects = PledgeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_due_on", "id"],
                condition=Q(next_due_on__isnull=False),
                name="pledge_is_due",
            ),
            models.Index(fields=["arm"], name="pledge_in_an_arm"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pledge_state_is_one_of_ours",
                condition=Q(
                    state__in=[
                        "incomplete",
                        "active",
                        "standing",
                        "paused",
                        "past_due",
                        "unconfirmed",
                        "lapsed",
                        "stopped",
                        "halted",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="pledge_interval_is_one_of_ours", condition=Q(interval__in=["month", "year"])
            ),
            models.CheckConstraint(name="pledge_gives_something", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="pledge_currency_is_iso_4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="pledge_that_is_charged_has_a_day_and_an_instrument",
                condition=~Q(state__in=["active", "paused", "past_due", "unconfirmed"])
                | Q(
                    anchor_on__isnull=False,
                    next_due_on__isnull=False,
                    instrument__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="pledge_that_is_sent_has_begun_and_has_no_instrument",
                condition=~Q(state="standing") | Q(anchor_on__isnull=False, instrument=None),
            ),
            models.CheckConstraint(
                name="pledge_that_is_not_charged_has_no_next_day",
                condition=Q(state__in=["active", "paused", "past_due", "unconfirmed"])
                | Q(next_due_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"pledge {self.public_id}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_chargeable(self) -> bool:
        return self.state in self.CHARGEABLE

    @property
    def is_ended(self) -> bool:
        return self.state in self.ENDED

    def is_due(self, *, on: date) -> bool:
        return self.is_chargeable and self.next_due_on is not None and self.next_due_on <= on

    @property
    def every(self) -> int:
        return self.EVERY[self.interval]

    def period_at(self, day: date) -> date:
        """The last due date that has come by `day`; the first of all if none has."""
        anchor = self._anchor()
        n = max(0, number_at(anchor, day, every=self.every))
        return due_on(anchor, n, every=self.every)

    def period_after(self, day: date, *, skip: int = 0) -> date:
        """The first due date after `day`, or a later one."""
        anchor = self._anchor()
        n = max(-1, number_at(anchor, day, every=self.every)) + 1 + skip
        return due_on(anchor, n, every=self.every)

    def period_nearest(self, day: date) -> date:
        """The due date that is next to `day`, before or after it: banks do not work on Sundays."""
        anchor = self._anchor()
        n = number_at(anchor, day, every=self.every)
        before, after = (due_on(anchor, each, every=self.every) for each in (n, n + 1))
        return before if day - before <= after - day else after

    def mark_paid(self, *, period_on: date, instrument: Instrument | None) -> None:
        """A gift arrived. One that arrives after the end is received, and changes nothing."""
        if self.state == self.State.INCOMPLETE:
            self.anchor_on = period_on
        elif not self.is_chargeable:
            return
        if not (instrument or self.instrument):
            self.move_to(self.State.STANDING, anchor_on=self.anchor_on)
            return
        next_due_on = self.next_day_once_paid(period_on)
        fields: dict[str, Any] = {"anchor_on": self.anchor_on, "next_due_on": next_due_on}
        if instrument:
            fields["instrument"] = instrument
        # A pause that the reader chose meanwhile stays one.
        state = self.State.PAUSED if self.state == self.State.PAUSED else self.State.ACTIVE
        self.move_to(state, **fields)

    def next_day_once_paid(self, period_on: date) -> date:
        return max(self.period_after(period_on), self.next_due_on or period_on)

    def begin_again_on(self, day: date, *, interval: str = "", money: Money | None = None) -> None:
        """Count from `day` on, which is no earlier than the day that was promised."""
        if self.next_due_on is None or day < self.next_due_on:
            raise WrongState(f"{self} is not due before {day}")
        fields: dict[str, Any] = {"anchor_on": day, "next_due_on": day}
        fields |= {"interval": interval} if interval else {}
        fields |= {"amount_minor": money.minor} if money else {}
        self.move_to(Pledge.State(self.state), **fields)

    def change_amount(self, money: Money) -> None:
        """From the next gift on; one that the bank is being asked for stays as it was."""
        if money.currency != self.currency:
            raise WrongState(f"{self} is in {self.currency}")
        rows = Pledge.objects.filter(pk=self.pk, state__in=self.CHARGEABLE)
        if not rows.update(amount_minor=money.minor):
            raise WrongState(f"{self} is {self.state}")
        self.refresh_from_db()

    def follow(self, money: Money) -> None:
        """Its reader's bank sends another sum from now on. No other pledge is changed."""
        rows = Pledge.objects.filter(pk=self.pk, state=self.State.STANDING)
        rows.filter(currency=money.currency).update(amount_minor=money.minor)
        self.refresh_from_db()

    def hold(self) -> None:
        """Read the row again, and let nobody change it before this transaction ends."""
        # Where rows cannot be locked (SQLite), a transaction has the whole database to itself.
        self.refresh_from_db(from_queryset=Pledge.objects.select_for_update(no_key=True))

    def move_to(self, state: State, **fields: Any) -> None:
        """Raises WrongState unless the row, as it is now, may become `state`."""
        # One UPDATE, not read-then-save: of two that race here, one wins.
        rows = Pledge.objects.filter(pk=self.pk, state__in=self.CAME_FROM[state])
        if state in self.ENDED:
            fields["next_due_on"] = None
        if not rows.update(state=state, **fields):
            raise WrongState(f"{self} cannot become {state}")
        written(self, state=state, **fields)

    def _anchor(self) -> date:
        if self.anchor_on is None:
            raise WrongState(f"{self} has not begun")
        return self.anchor_on
