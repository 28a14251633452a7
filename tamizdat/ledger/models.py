from django.db import models
from django.db.models import Q

from tamizdat.lib.money import Money

KEY_LENGTH = 120


class Account(models.Model):
    """A place where money is, came from, or went."""

    code = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.code


class Seal(models.Model):
    """Says that the entry of this key is finished. The database seals only what balances."""

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One thing that happened to the money. Append-only: mistakes are reversed, not edited.

    Its key names a seal, and a foreign key is checked at the end of the transaction: so an
    entry that nothing sealed cannot be committed. See triggers.py and docs/adr/0002.
    """

    seal = models.OneToOneField(Seal, models.PROTECT, db_column="key", related_name="entry")
    memo = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return str(self.seal_id)


class Line(models.Model):
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount_minor = models.BigIntegerField(help_text="minor units; debit positive, credit negative")
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_line_is_not_zero"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="ledger_currency_is_iso_4217"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Day(models.Model):
    """A day, in UTC, on which something was booked. A trigger writes it with the first entry.

    Once it is over it is added up, and it is open again when something more is booked on it.
    """

    day = models.DateField(primary_key=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["day"], condition=Q(is_open=True), name="ledger_open_days"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


class DaySum(models.Model):
    """What came to one account and what left it on a day, when that day was added up.

    Follows from the lines, and holds only while its day is not open. See sums.py.
    """

    day = models.ForeignKey(Day, models.CASCADE, related_name="sums")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "account", "currency"], name="ledger_day_is_added_up_once"
            ),
            models.CheckConstraint(
                condition=Q(debit_minor__gte=0, credit_minor__gte=0),
                name="ledger_day_sums_have_no_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day_id} {self.account_id} {self.currency}"
