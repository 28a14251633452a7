from datetime import UTC, date, datetime, time
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tamizdat.lib.money import Money
from tamizdat.outlet.vault import vault
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models.account import KeptLine
from tamizdat.payments.models.attempt import Attempt
from tamizdat.payments.models.charge import new_reference
from tamizdat.payments.models.refund import Refund

MIDDAY = time(12, tzinfo=UTC)  # a bank tells the day and no hour


class BankStatement(models.Model):
    """That a bank told how an account of ours stood, and what came and went in between."""

    account = models.CharField(max_length=34)  # our own IBAN
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=40, blank=True)  # the bank's
    digest = models.CharField(max_length=64, unique=True)  # of what it says, with our key
    opening_minor = models.BigIntegerField(null=True, blank=True)
    closing_minor = models.BigIntegerField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    sum_minor = models.BigIntegerField()  # of every entry in it that could be read
    unread = models.PositiveIntegerField(default=0)  # entries that could not
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_currency_is_iso_4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"

    @property
    def opening(self) -> Money | None:
        return None if self.opening_minor is None else Money(self.opening_minor, self.currency)

    @property
    def closing(self) -> Money | None:
        return None if self.closing_minor is None else Money(self.closing_minor, self.currency)

    @property
    def missing(self) -> Money | None:
        """What its entries lack, or have too much, to lead from one balance to the other."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return Money(self.closing_minor - self.opening_minor - self.sum_minor, self.currency)


class BankLineQuerySet(models.QuerySet["BankLine"]):
    def waiting(self) -> Self:
        """Those that a person has to look at, the urgent first."""
        urgent = models.Case(models.When(reason=BankLine.ENDANGERED, then=0), default=1)
        return self.filter(state=BankLine.State.WAITING).order_by(urgent, "booked_on", "pk")

    def booked(self) -> Self:
        """Those that are in the books as a gift, or as one that went back."""
        return self.filter(state=BankLine.State.BOOKED)

    def undecided(self) -> Self:
        return self.filter(state__in=[BankLine.State.NEW, BankLine.State.WAITING])


class BankLine(models.Model):
    """One entry of a statement. Nobody's name, account or words: what waits keeps them sealed."""

    class State(models.TextChoices):
        NEW = "new"  # read, and not looked at yet
        BOOKED = "booked"  # it is a gift, or gave one back: it is in the books
        WAITING = "waiting"  # for a person
        SENT_BACK = "sent_back"  # by us, at the bank; it never was in the books
        SET_ASIDE = "set_aside"  # no gift: a person, or its kind, said so
        PAID_OUT = "paid_out"  # a provider's payout: in the books since that sent it

    ENDANGERED = "endangered"  # why it waits: it came from where a gift is dangerous

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    public_id = models.CharField(max_length=32, unique=True, default=new_reference)
    digest = models.CharField(max_length=64, unique=True)  # of all that the bank said, with our key
    entry_id = models.CharField(max_length=80, blank=True)  # the bank's
    amount_minor = models.BigIntegerField()  # below zero: it left our account
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    reference = models.CharField(max_length=16, blank=True)  # of ours, that was found in it
    provider = models.CharField(max_length=32, blank=True)  # of ours, that is named in it
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1, of the sender's account
    state = models.CharField(max_length=9, choices=State, default=State.NEW)
    reason = models.CharField(max_length=20, blank=True)  # a code: why it waits, or waited
    sealed_text = models.BinaryField(null=True)
    attempt = models.OneToOneField(
        Attempt, models.PROTECT, null=True, blank=True, related_name="bank_line"
    )
    refund = models.OneToOneField(
        Refund, models.PROTECT, null=True, blank=True, related_name="bank_line"
    )
    payout = models.OneToOneField(
        KeptLine, models.PROTECT, null=True, blank=True, related_name="bank_line"
    )

    objects = BankLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bank_line_state_is_one_of_ours",
                condition=Q(
                    state__in=["new", "booked", "waiting", "sent_back", "set_aside", "paid_out"]
                ),
            ),
            models.CheckConstraint(name="bank_line_moves_something", condition=~Q(amount_minor=0)),
            models.CheckConstraint(
                name="bank_line_currency_is_iso_4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="bank_line_country_is_iso_3166",
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
            ),
            models.CheckConstraint(
                name="bank_line_pays_or_gives_back_what_is_booked",
                condition=Q(state="booked", attempt__isnull=False, refund=None, amount_minor__gt=0)
                | Q(state="booked", attempt=None, refund__isnull=False, amount_minor__lt=0)
                | (~Q(state="booked") & Q(attempt=None, refund=None)),
            ),
            models.CheckConstraint(
                name="bank_line_that_was_paid_out_says_in_which_payout",
                condition=Q(state="paid_out", payout__isnull=False)
                | (~Q(state="paid_out") & Q(payout=None)),
            ),
            models.CheckConstraint(
                name="bank_line_keeps_its_text_only_while_it_waits",
                condition=Q(state__in=["new", "waiting"]) | Q(sealed_text=None),
            ),
        ]

    def __str__(self) -> str:
        return f"bank line {self.pk}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def at(self) -> datetime:
        return midday(self.booked_on)

    @property
    def is_credit(self) -> bool:
        return self.amount_minor > 0

    @property
    def text(self) -> str:
        """What the sender wrote. Raises CannotOpen."""
        return vault().open(bytes(self.sealed_text)) if self.sealed_text else ""

    def hold(self) -> None:
        """Read the row again, and let nobody change it before this transaction ends."""
        self.refresh_from_db(from_queryset=BankLine.objects.select_for_update(no_key=True))

    def wait(self, reason: str) -> None:
        """Put it to a person. Raises WrongState unless nobody has looked at it."""
        self._move(State.WAITING, came_from=[State.NEW], reason=reason)

    def wait_on(self, reason: str) -> None:
        """It waits, for another reason than before. Raises WrongState once it is resolved."""
        self._move(State.WAITING, came_from=[State.WAITING], reason=reason)

    def close(self, state: "BankLine.State", **fields: Any) -> None:
        """It is resolved, and its text destroyed. Raises WrongState if it was before."""
        self._move(state, came_from=[State.NEW, State.WAITING], sealed_text=None, **fields)

    def _move(self, state: "BankLine.State", *, came_from: list[Any], **fields: Any) -> None:
        # One UPDATE, not read-then-save: of two who race here, one wins.
        rows = BankLine.objects.filter(pk=self.pk, state__in=came_from)
        if not rows.update(state=state, **fields):
            raise WrongState(f"{self} cannot become {state}")
        self.refresh_from_db()


State = BankLine.State


def midday(day: date) -> datetime:
    return datetime.combine(day, MIDDAY)
