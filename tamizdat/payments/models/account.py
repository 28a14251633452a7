from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncDate

from tamizdat.lib.money import Money
from tamizdat.payments.providers.account import AccountLine, Movement

OUR_BANK = "bank"  # as a provider, under the name of its account in the books
MOVEMENTS = [(each.value, each.value.replace("_", " ")) for each in Movement]


class Reconciliation(models.Model):
    """How far a provider's account with us was read and compared with the books."""

    provider = models.CharField(max_length=32, unique=True)
    until = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"reconciliation with {self.provider}"

    def claim(self, *, now: datetime, quiet_since: datetime) -> bool:
        """True for the one worker that is to do it now."""
        rows = Reconciliation.objects.filter(pk=self.pk)
        is_quiet = Q(tried_at=None) | Q(tried_at__lte=quiet_since)
        return bool(rows.filter(is_quiet).update(tried_at=now))


class KeptLineQuerySet(models.QuerySet["KeptLine"]):
    @transaction.atomic
    def keep(self, provider: str, lines: Sequence["KeptLine"]) -> int:
        """Write down those that are new, and what their days come to. How many were new."""
        # Whoever keeps lines of this provider too waits here: no day is added up without them.
        list(Reconciliation.objects.select_for_update().filter(provider=provider))
        known = self.filter(provider=provider, line_id__in=[line.line_id for line in lines])
        new = len(lines) - known.count()
        if new:
            self.bulk_create(lines, ignore_conflicts=True)
            days = [line.at.astimezone(UTC).date() for line in lines]
            KeptSum.objects.add_up(provider, min(days), max(days))
        return new

    def together(self, currency: str) -> tuple[Money, Money]:
        """Gross and fee of all of them that are in this currency."""
        mine = self.filter(currency=currency)
        sums = mine.aggregate(gross=Sum("gross_minor"), fee=Sum("fee_minor"))
        return Money(int(sums["gross"] or 0), currency), Money(int(sums["fee"] or 0), currency)

    def payouts(self) -> Self:
        """What was sent to our bank, and what of it came back."""
        return self.filter(movement=Movement.PAYOUT.value)


class KeptLine(models.Model):
    """One line of a provider's account with us, as it told it. Never changed."""

    provider = models.CharField(max_length=32)
    line_id = models.CharField(max_length=120)  # the provider's
    movement = models.CharField(max_length=16, choices=MOVEMENTS)
    at = models.DateTimeField(db_index=True)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payment_id = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=120)  # under which the books have it, or should

    objects = KeptLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "line_id"], name="kept_line_counts_once"),
            models.CheckConstraint(
                name="kept_line_currency_is_iso_4217",
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "key"], name="kept_line_by_key"),
            models.Index(
                fields=["at"],
                condition=Q(movement=Movement.PAYOUT.value),
                name="kept_line_of_payouts",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of {self.provider}"

    @property
    def net(self) -> Money:
        return Money(self.gross_minor - self.fee_minor, self.currency)

    @property
    def at_bank(self) -> Money:
        """What a payout brings there; below zero: it came back from there."""
        return Money(-self.gross_minor, self.currency)

    @property
    def as_told(self) -> AccountLine:
        return AccountLine(
            id=self.line_id,
            movement=Movement(self.movement),
            at=self.at,
            gross=Money(self.gross_minor, self.currency),
            fee=Money(self.fee_minor, self.currency),
            payment_id=self.payment_id,
            object_id=self.object_id,
        )


class KeptSumQuerySet(models.QuerySet["KeptSum"]):
    def add_up(self, provider: str, first: date, last: date) -> None:
        """Add up the lines of these days anew. Inside a transaction that keeps others out."""
        self.filter(provider=provider, day__gte=first, day__lte=last).delete()
        begin = datetime.combine(first, time.min, tzinfo=UTC)
        end = datetime.combine(last, time.min, tzinfo=UTC) + timedelta(days=1)
        lines = KeptLine.objects.filter(provider=provider, at__gte=begin, at__lt=end)
        rows = lines.annotate(day=TruncDate("at", tzinfo=UTC)).values("day", "currency").order_by()
        sums = rows.annotate(net_minor=Sum(F("gross_minor") - F("fee_minor")))
        self.bulk_create(KeptSum(provider=provider, **row) for row in sums)

    def balance(self, provider: str) -> list[Money]:
        """What the provider holds for us by its own account, in each currency."""
        sums = self.filter(provider=provider).values("currency").order_by("currency")
        rows = sums.annotate(held=Sum("net_minor"))
        return [Money(int(row["held"]), row["currency"]) for row in rows]


class KeptSum(models.Model):
    """What the lines of a day (UTC) come to: nobody adds up years of them to show a page."""

    provider = models.CharField(max_length=32)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()

    objects = KeptSumQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "day", "currency"], name="kept_sum_is_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.day}"


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def open(self) -> Self:
        return self.filter(state=Difference.State.OPEN)


class Difference(models.Model):
    """What a provider says of our money under one key, where the books say something else."""

    class Kind(models.TextChoices):
        ONLY_THEIRS = "only_theirs", "only in the provider's account"
        ONLY_OURS = "only_ours", "only in our books"
        DIFFERENT = "different", "other sums"

    class State(models.TextChoices):
        OPEN = "open"
        RESOLVED = "resolved"  # the two agree now
        EXPLAINED = "explained"  # a person says why they do not

    provider = models.CharField(max_length=32)
    key = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=Kind)
    movement = models.CharField(max_length=16, blank=True, choices=MOVEMENTS)  # of their line
    ours_minor = models.BigIntegerField()
    theirs_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField()  # of the line, or of our entry's finding
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "key", "currency"], name="difference_is_told_once"
            ),
            models.CheckConstraint(
                name="difference_kind_is_one_of_ours",
                condition=Q(kind__in=["only_theirs", "only_ours", "different"]),
            ),
            models.CheckConstraint(
                name="difference_closed_at_agrees_with_state",
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state__in=["resolved", "explained"], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="difference_that_is_explained_says_why",
                condition=~Q(state="explained") | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"difference {self.pk} at {self.provider}"

    @property
    def is_at_our_bank(self) -> bool:
        """About a payout, and what the statements of our own bank say of it."""
        return self.provider == OUR_BANK

    @property
    def ours(self) -> Money:
        return Money(self.ours_minor, self.currency)

    @property
    def theirs(self) -> Money:
        return Money(self.theirs_minor, self.currency)

    @property
    def difference(self) -> Money:
        """How much more the provider holds than the books say."""
        return self.theirs - self.ours

    def explain(self, note: str, *, at: datetime) -> bool:
        """False if it was closed before."""
        rows = Difference.objects.open().filter(pk=self.pk)
        was_open = bool(rows.update(state=self.State.EXPLAINED, closed_at=at, note=note))
        self.refresh_from_db()
        return was_open

    def resolve(self, *, at: datetime) -> None:
        """The two agree now; what a person said of it before stays."""
        rows = Difference.objects.filter(pk=self.pk).exclude(state=self.State.RESOLVED)
        rows.update(state=self.State.RESOLVED, closed_at=at)
        self.refresh_from_db()
