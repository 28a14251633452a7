"""What Stripe writes down of our money: refunds and disputes of a payment, and its own account.

Categories are those of docs.stripe.com/reports/reporting-categories.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers.account import (
    AccountLine,
    DisputeState,
    Movement,
    RemoteDispute,
)
from tamizdat.payments.providers.base import RemoteRefund
from tamizdat.payments.providers.stripe_amounts import from_stripe
from tamizdat.payments.providers.stripe_line import asking

Answer = Mapping[str, Any]
AT_MOST = 100  # a page
FAILED = ("failed", "canceled")  # refunds
MOVEMENTS = {
    "charge": Movement.PAYMENT,
    "refund": Movement.REFUND,
    "refund_failure": Movement.REFUND_RETURN,
    "dispute": Movement.DISPUTE,
    "dispute_reversal": Movement.DISPUTE_RETURN,
    "payout": Movement.PAYOUT,
    "payout_reversal": Movement.PAYOUT,  # it failed or was canceled, and came back
    "fee": Movement.FEE,
    "network_cost": Movement.FEE,
    "tax": Movement.FEE,
}  # any other is for a person to look at


def refunds_of(client: stripe.StripeClient, payment_id: str) -> tuple[RemoteRefund, ...]:
    """All of them, oldest first. Raises Unreachable."""
    return tuple(
        RemoteRefund(
            refund.id,
            from_stripe(refund.amount, refund.currency),
            has_failed=refund.status in FAILED,
        )
        for refund in reversed(list_refunds(client, payment_id))
    )


def list_refunds(client: stripe.StripeClient, payment_id: str) -> list[stripe.Refund]:
    with asking():
        given = client.v1.refunds.list({"payment_intent": payment_id, "limit": AT_MOST})
        return list(given.auto_paging_iter())


def disputes_of(client: stripe.StripeClient, payment_id: str) -> tuple[RemoteDispute, ...]:
    """Those that moved money, oldest first; a mere inquiry did not. Raises Unreachable."""
    with asking():
        found = client.v1.disputes.list({"payment_intent": payment_id, "limit": AT_MOST})
        disputes = [dispute.to_dict() for dispute in found.auto_paging_iter()]
    return tuple(_dispute(each) for each in reversed(disputes) if each["balance_transactions"])


def lines(
    client: stripe.StripeClient, *, since: datetime, until: datetime
) -> Iterator[AccountLine]:
    """Oldest first. Stripe lists them the other way round, so all are read before the first."""
    asked: Any = {"limit": AT_MOST, "expand": ["data.source"]}
    asked["created"] = {"gte": math.ceil(since.timestamp()), "lt": math.ceil(until.timestamp())}
    try:
        with asking():
            found = client.v1.balance_transactions.list(asked)
            moved = [each.to_dict() for each in found.auto_paging_iter()]
        yield from [_line(each) for each in reversed(moved)]
    except (Declined, KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def _dispute(dispute: Answer) -> RemoteDispute:
    moved = dispute["balance_transactions"]
    currency = moved[0]["currency"]
    states = {"won": DisputeState.WON, "lost": DisputeState.LOST}
    return RemoteDispute(
        id=dispute["id"],
        state=states.get(dispute["status"], DisputeState.OPEN),
        money=from_stripe(dispute["amount"], dispute["currency"]),
        fee=from_stripe(sum(each["fee"] for each in moved), currency),
        reason=dispute["reason"][:60],
    )


def _line(moved: Answer) -> AccountLine:
    source = moved["source"] if isinstance(moved["source"], dict) else {"id": moved["source"]}
    payment_id = source.get("payment_intent") or ""
    movement = MOVEMENTS.get(moved["reporting_category"], Movement.OTHER)
    return AccountLine(
        id=moved["id"],
        movement=movement,
        at=datetime.fromtimestamp(moved["created"], tz=UTC),
        gross=from_stripe(moved["amount"], moved["currency"]),
        fee=_fee(moved),
        payment_id=payment_id,
        object_id=payment_id if movement is Movement.PAYMENT else source.get("id") or "",
    )


def _fee(moved: Answer) -> Money:
    return from_stripe(moved["fee"], moved["currency"])
