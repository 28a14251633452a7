"""What a BTCPay store took in and gave back, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers.account import AccountLine, Movement
from tamizdat.payments.providers.base import RemoteRefund
from tamizdat.payments.providers.btcpay_answers import (
    Answer,
    arrived,
    booked,
    money_of,
    payments_of,
)

REFUND = "-refund-"  # in the key of each refund of ours


def lines_of(
    invoices: Iterable[Answer], promises: Iterable[Answer], payouts: Iterable[Answer]
) -> list[AccountLine]:
    """Oldest first. Raises Unreachable."""
    try:
        lines = [line for invoice in invoices for line in _of_invoice(invoice)]
        lines += _of_payouts({promise["id"]: promise for promise in promises}, payouts)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Unreachable("the answer makes no sense") from error
    return sorted(lines, key=lambda line: (line.at, line.id))


def promise_of(answer: Any) -> RemoteRefund:
    """A pull payment. Raises Unreachable."""
    try:
        return RemoteRefund(answer["id"], money_of(answer["amount"], answer["currency"]))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Unreachable("the answer makes no sense") from error


def _of_invoice(invoice: Answer) -> Iterator[AccountLine]:
    """Each payment is what it added, so that together they are what was booked for all."""
    asked = money_of(invoice["amount"], invoice["currency"])
    certain = [each for each in payments_of(invoice["paymentMethods"]) if each.is_certain]
    sums = [arrived(certain[:count], asked) for count in range(len(certain))]
    sums.append(booked(invoice, certain, asked))
    for payment, before, after in zip(certain, sums, sums[1:], strict=False):
        yield AccountLine(
            id=payment.id,
            movement=Movement.PAYMENT,
            at=payment.at,
            gross=after - before,
            fee=Money(0, asked.currency),
            payment_id=invoice["id"],
        )


def _of_payouts(promises: Mapping[str, Answer], payouts: Iterable[Answer]) -> Iterator[AccountLine]:
    """Those that were paid, of what was promised for an invoice of ours."""
    for payout in payouts:
        promise = promises.get(payout.get("pullPaymentId") or "")
        if not promise or REFUND not in promise["name"] or payout["state"] != "Completed":
            continue
        given = money_of(payout["originalAmount"], payout["originalCurrency"])
        yield AccountLine(
            id=payout["id"],
            movement=Movement.REFUND,
            at=datetime.fromtimestamp(int(payout["date"]), UTC),
            gross=-given,
            fee=Money(0, given.currency),
            object_id=promise["id"],
        )
