"""Stripe's objects, as far as we read them, made into ours."""

from collections.abc import Mapping
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers.base import Remote, RemoteState
from tamizdat.payments.providers.stripe_amounts import CannotBeWritten, from_stripe
from tamizdat.payments.providers.stripe_declines import AUTHENTICATION, reason_of

Answer = Mapping[str, Any]
GIVEN_UP = "abandoned"  # as `cancellation_reason`: the bank had a question for an absent reader

# What we write on a payment, and all that Stripe learns of it. `card` says what shall become of it:
ONCE, KEEP, KEPT = "once", "keep", "kept"

# The rest, among them `requires_action` and `requires_capture`, is for a person to look at.
STATES = {
    "requires_confirmation": RemoteState.READY,
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
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def of_payment(intent: Answer) -> Remote:
    try:
        money = from_stripe(intent["amount"], intent["currency"])
        method = _expanded(intent["payment_method"])
        state, reason, is_hard = _state_of(intent)
        is_kept = intent["metadata"]["card"] in (KEEP, KEPT)
        return Remote(
            id=intent["id"],
            key=intent["metadata"]["key"],
            state=state,
            money=money,
            fee=_fee(intent, money),
            token=f"{intent['customer']}/{method['id']}" if is_kept and method else "",
            issuer_country=_country(method),
            reason=reason,
            is_hard=is_hard,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def card_of(session: Answer) -> Answer:
    """The payment method that the page collected; empty before."""
    return _expanded(_expanded(session["setup_intent"]).get("payment_method"))


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


def _fee(intent: Answer, money: Money) -> Money:
    """What Stripe keeps. 0 while it does not say, or says it in another currency than the gift's.

    It says so in the currency of the account, once the payment is in its balance. What is not
    booked here is a difference for whoever reconciles, never a guess.
    """
    moved = _expanded(_expanded(intent["latest_charge"]).get("balance_transaction"))
    if not moved or moved["currency"].upper() != money.currency:
        return Money(0, money.currency)
    try:
        return from_stripe(moved["fee"], moved["currency"])
    except CannotBeWritten:
        return Money(0, money.currency)


def _country(method: Answer) -> str:
    return str((method.get("card") or {}).get("country") or "").upper()


def _expanded(field: Any) -> Answer:
    """An object that was asked for with its parent; empty when there is none, or only its id."""
    return field if isinstance(field, dict) else {}
