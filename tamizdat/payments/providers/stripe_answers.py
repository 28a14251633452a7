"""Stripe's objects, as far as we read them, made into ours."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.lib.months import end_of_month
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers.base import Kept, Remote, RemoteState
from tamizdat.payments.providers.stripe_amounts import CannotBeWritten, from_stripe
from tamizdat.payments.providers.stripe_declines import AUTHENTICATION, reason_of

Answer = Mapping[str, Any]
GIVEN_UP = "abandoned"  # as `cancellation_reason`: the bank had a question for an absent reader

# What we write on a payment, and all that Stripe learns of it. `card` says what shall become of it:
ONCE, KEEP, KEPT = "once", "keep", "kept"
RISKY = ("elevated", "highest")

STATES = {
    "requires_confirmation": RemoteState.READY,
    "requires_capture": RemoteState.HELD,
    "requires_payment_method": RemoteState.DECLINED,  # it had one, which was refused
    "processing": RemoteState.PENDING,
    "requires_action": RemoteState.PENDING,
    "succeeded": RemoteState.SUCCEEDED,
    "canceled": RemoteState.CANCELED,
}


def is_ours(answer: Answer) -> bool:
    return bool((answer.get("metadata") or {}).get("key"))


def of_page(session: Answer) -> Remote:
    """A Checkout Session in `setup` mode: no money in it but what we noted there ourselves."""
    try:
        noted = session["metadata"]
        money = Money(int(noted["amount"]), noted["currency"])
        method = card_of(session)
        return Remote(
            id=session["id"],
            key=noted["key"],
            state=_state_of_page(session),
            money=money,
            fee=Money(0, money.currency),
            url=session["url"] or "",
            issuer_country=_country(method),
            card=_fingerprint(method),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def of_payment(intent: Answer) -> Remote:
    try:
        money = from_stripe(intent["amount"], intent["currency"])
        method = _expanded(intent["payment_method"])
        state, reason, is_hard = _state_of(intent)
        settled, fee = _settled(charge_of(intent), money)
        is_kept = intent["metadata"]["card"] in (KEEP, KEPT)
        return Remote(
            id=intent["id"],
            key=intent["metadata"]["key"],
            state=state,
            money=money,
            fee=fee,
            settled=settled,
            token=f"{intent['customer']}/{method['id']}" if is_kept and method else "",
            issuer_country=_country(method),
            reason=reason,
            is_hard=is_hard,
            card=_fingerprint(method),
            risk=_risk(intent),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def card_of(session: Answer) -> Answer:
    """The payment method that the page collected; empty before."""
    return _expanded(_expanded(session["setup_intent"]).get("payment_method"))


def kept(method: Answer, subscriptions: Iterable[Answer]) -> Kept:
    """One that ends with its period charges nothing more."""
    is_charged = any(not each["cancel_at_period_end"] for each in subscriptions)
    return Kept(_country(method), is_charged_there=is_charged)


def charge_of(intent: Answer) -> Answer:
    """The charge by which a payment took its money; empty before."""
    return _expanded(intent["latest_charge"])


def has_refunds(charge: Answer) -> bool:
    """Also when all of them failed: those are in no sum of the charge."""
    return bool(charge.get("amount_refunded") or (charge.get("refunds") or {}).get("data"))


def expiry(method: Answer) -> date | None:
    """The last day of a card; None for what has none."""
    card = method.get("card") or {}
    if not card.get("exp_year") or not card.get("exp_month"):
        return None
    return end_of_month(date(card["exp_year"], card["exp_month"], 1))


def is_done_with_card(intent: Answer, remote: Remote) -> bool:
    """Whether the card of this payment came from a page and will not be asked again."""
    over = (RemoteState.SUCCEEDED, RemoteState.DECLINED, RemoteState.CANCELED)
    wish = intent["metadata"]["card"]
    if wish == KEEP:
        return remote.state in over[1:]
    return wish == ONCE and remote.state in over


def _state_of_page(session: Answer) -> RemoteState:
    if session["metadata"].get("canceled") or session["status"] == "expired":
        return RemoteState.CANCELED
    is_filled_in = session["status"] == "complete" and card_of(session)
    return RemoteState.READY if is_filled_in else RemoteState.WAITING


def _state_of(intent: Answer) -> tuple[RemoteState, str, bool]:
    state = STATES[intent["status"]]
    if error := intent["last_payment_error"]:
        # A payment that was refused and then canceled was refused.
        if state in (RemoteState.DECLINED, RemoteState.CANCELED):
            return (RemoteState.DECLINED, *reason_of(error))
    elif state is RemoteState.CANCELED and intent["cancellation_reason"] == GIVEN_UP:
        return RemoteState.DECLINED, AUTHENTICATION, False
    elif state is RemoteState.DECLINED:
        return state, "refused_by_provider", False
    return state, "", False


def _settled(charge: Answer, money: Money) -> tuple[Money | None, Money]:
    """What came of `money` in the balance, if that is of another currency, and what Stripe keeps.

    It says so in the currency of the account, once the payment is in its balance: until then, and
    where it is no whole number of our units, nothing and 0. It is never guessed.
    """
    moved = _expanded(charge.get("balance_transaction"))
    if not moved:
        return None, Money(0, money.currency)
    try:
        settled = from_stripe(moved["amount"], moved["currency"])
        fee = from_stripe(moved["fee"], moved["currency"])
    except CannotBeWritten:
        return None, Money(0, money.currency)
    return (settled if settled.currency != money.currency else None), fee


def _country(method: Answer) -> str:
    return str((method.get("card") or {}).get("country") or "").upper()


def _fingerprint(method: Answer) -> str:
    """The same for the same card number, on whatever page it is entered."""
    return str((method.get("card") or {}).get("fingerprint") or "")


def _risk(intent: Answer) -> str:
    """What Radar says of the card, once its bank was asked."""
    level = (_expanded(intent["latest_charge"]).get("outcome") or {}).get("risk_level")
    return str(level) if level in RISKY else ""


def _expanded(field: Any) -> Answer:
    """An object that was asked for with its parent; empty when there is none, or only its id."""
    return field if isinstance(field, dict) else {}
