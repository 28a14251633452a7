"""What payers and their banks say against a payment, from PayPal's Disputes API (v1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers.account import (
    AccountLine,
    DisputeState,
    Movement,
    RemoteDispute,
)
from tamizdat.payments.providers.paypal_amounts import from_paypal
from tamizdat.payments.providers.paypal_answers import CAPTURE
from tamizdat.payments.providers.paypal_line import Line

PATH = "/v1/customer/disputes"
A_QUESTION = "INQUIRY"  # the payer asks us; PayPal has not been asked to take anything back
LOST = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")


def about(line: Line, *, capture_id: str) -> tuple[RemoteDispute, ...]:
    """Those in which the money is at stake, oldest first. Raises Unreachable."""
    return tuple(_dispute(words) for words in _told(line, capture_id))


def behind(line: Line, moved: AccountLine) -> str:
    """The id of the dispute that `moved`, which PayPal's list of the account does not tell.

    Of several about one payment: what took the money is the one that was opened next to it, and
    what brought it back the last of those before it that were won. Empty if there is none. Raises
    Unreachable.
    """
    told = _told(line, moved.payment_id.removeprefix(f"{CAPTURE}/"))
    if moved.movement is Movement.DISPUTE_RETURN:
        before = [words for words in told if _opened_at(words) <= moved.at]
        won = [words for words in before if _dispute(words).state is DisputeState.WON]
        told = (won or before or told)[-1:]
    nearest = min(told, key=lambda words: abs(_opened_at(words) - moved.at), default=None)
    return _dispute(nearest).id if nearest else ""


def _told(line: Line, capture_id: str) -> list[Mapping[str, Any]]:
    words = line.look(PATH, disputed_transaction_id=capture_id) or {}
    names = [str(item["dispute_id"]) for item in words.get("items") or []]
    looked = [line.look(f"{PATH}/{name}") for name in names]
    at_stake = [words for words in looked if words and _is_about_money(words)]
    return sorted(at_stake, key=_opened_at)


def _is_about_money(words: Mapping[str, Any]) -> bool:
    return words.get("dispute_life_cycle_stage") != A_QUESTION or _outcome(words) in LOST


def _opened_at(words: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(words["create_time"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def _dispute(words: Mapping[str, Any]) -> RemoteDispute:
    try:
        money = from_paypal(words["dispute_amount"])
        return RemoteDispute(
            id=words["dispute_id"],
            state=_state(words),
            money=money,
            fee=Money(0, money.currency),  # it is a line of the account, and not told here
            reason=str(words.get("reason") or "other").lower()[:60],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def _state(words: Mapping[str, Any]) -> DisputeState:
    if words["status"] != "RESOLVED":
        return DisputeState.OPEN
    return DisputeState.LOST if _outcome(words) in LOST else DisputeState.WON


def _outcome(words: Mapping[str, Any]) -> str:
    return str((words.get("dispute_outcome") or {}).get("outcome_code") or "")
