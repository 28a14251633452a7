"""BTCPay's invoices made into ours. What counts is which coins came and are certain, not the name
of a status: a person may mark an invoice as anything.

Coins are counted in the currency of the invoice, at the rate that its payer was shown, less what
BTCPay added to the price for the cost of spending them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tamizdat.lib.currencies import decimals as decimals_of
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unexplained, Unreachable
from tamizdat.payments.providers.base import Remote, RemoteState

Answer = Mapping[str, Any]
SMALLEST_COIN = Decimal("0.00000001")  # a price in coins is rounded up to it


@dataclass(frozen=True)
class Payment:
    """Coins that came in for an invoice."""

    id: str
    at: datetime  # when they were first seen
    is_certain: bool
    worth: Decimal  # in units of the invoice's currency
    least: Decimal  # what the smallest coin is worth


def of_invoice(invoice: Answer, ways: Sequence[Answer], *, url: str, now: float) -> Remote:
    """`ways` are its payment methods, with what came by each. Raises Unreachable, Unexplained."""
    try:
        asked = money_of(invoice["amount"], invoice["currency"])
        payments = payments_of(ways)
        is_watched = now < int(invoice["monitoringExpiration"])
        state = _state(invoice, payments, asked, is_watched=is_watched)
        return Remote(
            id=invoice["id"],
            key=key_of(invoice),
            state=state,
            money=asked,
            fee=Money(0, asked.currency),
            url=url,
            arrived=booked(invoice, payments, asked) if state is RemoteState.SUCCEEDED else None,
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Unreachable("the answer makes no sense") from error


def payments_of(ways: Sequence[Answer]) -> list[Payment]:
    """What came in and was not taken back, oldest first."""
    came = [
        Payment(
            id=coins["id"],
            at=datetime.fromtimestamp(int(coins["receivedDate"]), UTC),
            is_certain=coins["status"] == "Settled",
            worth=(Decimal(coins["value"]) - Decimal(coins["fee"])) * Decimal(way["rate"]),
            least=SMALLEST_COIN * Decimal(way["rate"]),
        )
        for way in ways
        for coins in way["payments"]
        if coins["status"] != "Invalid"
    ]
    return sorted(came, key=lambda payment: (payment.at, payment.id))


def arrived(payments: Sequence[Payment], asked: Money) -> Money:
    """What all of these are worth; a price that was rounded up to whole coins is no overpayment."""
    worth = sum((payment.worth for payment in payments), Decimal(0))
    rounding = sum((payment.least for payment in payments), Decimal(0))
    if asked.major <= worth < asked.major + rounding:
        return asked
    minor = worth.scaleb(decimals_of(asked.currency)).to_integral_value()
    return Money(int(minor), asked.currency)


def money_of(amount: Any, currency: str) -> Money:
    """Raises ValueError when it is no whole number of our smallest units."""
    minor = Decimal(amount).scaleb(decimals_of(currency))
    if minor != minor.to_integral_value():
        raise ValueError("more decimals than the currency has")
    return Money(int(minor), currency)


def key_of(invoice: Answer) -> str:
    """Ours; empty for an invoice that somebody else made."""
    return str((invoice.get("metadata") or {}).get("orderId") or "")


def booked(invoice: Answer, payments: Iterable[Payment], asked: Money) -> Money:
    """What those that are certain are worth; not less than the price where BTCPay is content."""
    came = arrived([payment for payment in payments if payment.is_certain], asked)
    is_paid = (invoice["status"], invoice["additionalStatus"]) == ("Settled", "None")
    return asked if is_paid and came.minor < asked.minor else came


def _state(
    invoice: Answer, payments: Sequence[Payment], asked: Money, *, is_watched: bool
) -> RemoteState:
    certain = [payment for payment in payments if payment.is_certain]
    if not payments:
        return _state_without_coins(invoice["status"], is_watched=is_watched)
    if len(certain) < len(payments) and (is_watched or not certain):
        return RemoteState.PENDING
    came = booked(invoice, payments, asked)
    if came.minor < asked.minor and is_watched:  # the rest may come
        return RemoteState.PENDING
    return RemoteState.SUCCEEDED if came.minor > 0 else RemoteState.CANCELED


def _state_without_coins(status: str, *, is_watched: bool) -> RemoteState:
    if status == "Settled":  # a person said so
        raise Unexplained("marked as paid, and no coin came")
    if status == "Expired":
        return RemoteState.WAITING if is_watched else RemoteState.CANCELED
    return {
        "New": RemoteState.WAITING,
        "Processing": RemoteState.PENDING,
        "Invalid": RemoteState.CANCELED,
    }[status]
