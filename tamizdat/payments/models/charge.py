import re
import secrets
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from tamizdat.lib.money import Money
from tamizdat.payments.errors import WrongState


def new_reference() -> str:
    """128 random bits: whoever holds it may see how the payment went, and nobody can guess it."""
    return secrets.token_urlsafe(16)


def new_receipt_digits() -> str:
    """64 random bits, which say nothing of the reference: they stand on paper."""
    return secrets.token_hex(8)


RECEIPT_NUMBER = re.compile(r"(?:[0-9a-f]{4}[- ]?){3}[0-9a-f]{4}", re.IGNORECASE)


def written(row: models.Model, **fields: Any) -> None:
    """Let `row` show what an UPDATE has just written, without asking for all of it again."""
    for name, value in fields.items():
        setattr(row, name, value)


def gone(of: str = "") -> Combinable:
    """What went back of a charge or is disputed; `of` is the way to it, such as "charge__"."""
    return F(f"{of}refunded_minor") + F(f"{of}disputed_minor")


class ChargeQuerySet(models.QuerySet["Charge"]):
    def of_receipt(self, number: str) -> Self:
        """The one of this receipt number, as a person writes it."""
        if not RECEIPT_NUMBER.fullmatch(number):
            return self.none()
        return self.filter(receipt_digits=re.sub("[- ]", "", number).lower())


class Charge(models.Model):
    """One sum that is to be paid once, however many attempts it takes."""

    class State(models.TextChoices):
        NEW = "new"
        OPEN = "open"  # an attempt is under way
        SUCCEEDED = "succeeded"
        FAILED = "failed"  # the last attempt did; there may be another
        CANCELED = "canceled"  # by us: there shall be no other

    CAME_FROM = {
        State.OPEN: [State.NEW, State.FAILED],
        State.SUCCEEDED: [State.OPEN],
        State.FAILED: [State.OPEN],
        State.CANCELED: [State.NEW, State.FAILED],
    }

    reference = models.CharField(max_length=32, unique=True, default=new_reference)
    receipt_digits = models.CharField(max_length=16, unique=True, default=new_receipt_digits)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    refunded_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)  # away, for now or for good
    created_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="charge_state_is_one_of_ours",
                condition=Q(state__in=["new", "open", "succeeded", "failed", "canceled"]),
            ),
            models.CheckConstraint(
                name="charge_asks_for_something", condition=Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="charge_currency_is_iso_4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="charge_succeeded_at_agrees_with_state",
                condition=Q(state="succeeded", succeeded_at__isnull=False)
                | (~Q(state="succeeded") & Q(succeeded_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="charge_loses_no_more_than_it_took",
                condition=Q(refunded_minor=0, disputed_minor=0)
                | Q(
                    state="succeeded",
                    refunded_minor__gte=0,
                    disputed_minor__gte=0,
                    refunded_minor__lte=F("amount_minor") - F("disputed_minor"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"charge {self.pk}"

    @property
    def receipt_number(self) -> str:
        """What stands on paper, in mails and lists: the desk finds it so, and it opens nothing."""
        return "-".join(re.findall("....", self.receipt_digits.upper()))

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def refunded(self) -> Money:
        """What was given back, or is being given back."""
        return Money(self.refunded_minor, self.currency)

    @property
    def disputed(self) -> Money:
        """What givers' banks took back, and may return while they have not decided."""
        return Money(self.disputed_minor, self.currency)

    @property
    def left(self) -> Money:
        """What was taken and is still here."""
        taken = self.amount_minor if self.state == self.State.SUCCEEDED else 0
        return Money(taken - self.refunded_minor - self.disputed_minor, self.currency)

    @property
    def latest_attempt(self) -> Any:  # an Attempt or None; naming it here would close a circle
        return self.attempts.order_by("-number").first()

    def ask_for(self, money: Money) -> None:
        """Another sum, from the next attempt on. Raises WrongState once one is under way."""
        rows = Charge.objects.filter(pk=self.pk, currency=money.currency)
        rows = rows.filter(state__in=[self.State.NEW, self.State.FAILED])
        if not rows.update(amount_minor=money.minor):
            raise WrongState(f"{self} is {self.state}")
        self.refresh_from_db()

    def accept(self, money: Money) -> None:
        """Another sum came than was asked: its giver had the last word. Raises WrongState."""
        rows = Charge.objects.filter(pk=self.pk, currency=money.currency, state=self.State.OPEN)
        if not rows.update(amount_minor=money.minor):
            raise WrongState(f"{self} is {self.state}")
        self.refresh_from_db()

    def move_to(self, state: State, *, succeeded_at: datetime | None = None) -> None:
        """Raises WrongState unless the row, as it is now, may become `state`."""
        # One UPDATE, not read-then-save: of two that race here, one wins.
        rows = Charge.objects.filter(pk=self.pk, state__in=self.CAME_FROM[state])
        if not rows.update(state=state, succeeded_at=succeeded_at):
            raise WrongState(f"{self} cannot become {state}")
        written(self, state=state, succeeded_at=succeeded_at)
