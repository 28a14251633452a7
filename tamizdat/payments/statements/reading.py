"""What is in a statement, however it was written. It is held in memory only, and then forgotten."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.numbers import is_currency

from tamizdat.lib.currencies import decimals as decimals_of
from tamizdat.lib.money import Money

MOST_BYTES = 20_000_000


class NotAStatement(Exception):
    """The file is none that we can read. Says why, and what to do, without quoting it."""


class BadEntry(Exception):
    """One entry cannot be read; the others can. Says why, without quoting who is in it."""


@dataclass(frozen=True)
class Entry:
    money: Money  # below zero: it left our account
    booked_on: date
    entry_id: str = ""  # the bank's
    texts: tuple[str, ...] = ()  # where a reference may stand
    account: str = ""  # the other side's: IBAN or whatever it is
    bic: str = ""  # of the other side's bank
    provider: str = ""  # of ours, that is named in it
    is_return: bool = False  # the bank says that it takes an earlier one back


@dataclass
class Statement:
    account: str  # ours, as it is written there
    currency: str
    number: str = ""
    opening: Money | None = None
    closing: Money | None = None
    from_on: date | None = None
    until_on: date | None = None
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # one for each entry that cannot be read
    not_booked: int = 0  # announced, or of nothing

    @property
    def days(self) -> tuple[date, date]:
        """From when to when; of the entries, where the bank does not say."""
        booked = [entry.booked_on for entry in self.entries]
        known = [day for day in (self.from_on, self.until_on) if day] or booked
        first, last = self.from_on or min(known), self.until_on or max(known)
        return min([first, *booked]), max([last, *booked])


def check_size(content: bytes) -> None:
    """Raises NotAStatement."""
    if len(content) > MOST_BYTES:
        raise NotAStatement("The file is too large. Ask the bank for fewer days at a time.")


def exactly(amount: Decimal, currency: str) -> Money:
    """`amount` in minor units; five decimals will do if the last are noughts. Raises BadEntry."""
    if not is_currency(currency):
        raise BadEntry("its currency is none")
    minor = amount.scaleb(decimals_of(currency))
    if minor != minor.to_integral_value() or abs(minor) > 10**15:
        raise BadEntry(f"its amount is no whole sum of {currency}")
    return Money(int(minor), currency)
