"""Our account at PayPal, line by line, from its Transaction Search.

The event codes are at developer.paypal.com/docs/reports/reference/tcodes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers import paypal_disputes
from tamizdat.payments.providers.account import AccountLine, Movement
from tamizdat.payments.providers.paypal_amounts import from_paypal
from tamizdat.payments.providers.paypal_answers import CAPTURE
from tamizdat.payments.providers.paypal_line import Line

PATH = "/v1/reporting/transactions"
A_WEEK = timedelta(days=7)  # 31 days at most, and 10,000 lines
MOVED = ("S", "V")  # done, and done but reversed since: that is a line of its own

# Reversals, holds and chargebacks, and their returns: which of the two, only the sign says.
AT_STAKE = ("T1106", "T1110", "T1111", "T1201", "T1202", "T1205")
BY_CODE = {
    "T1107": Movement.REFUND,
    "T1108": Movement.FEE,  # given back
    "T1109": Movement.FEE,  # given back
}
# Towards us, of those that name what came back: a withdrawal that a bank refused, a refund.
CAME_BACK = {"T1101": Movement.PAYOUT, "T1107": Movement.REFUND_RETURN}
BY_FAMILY = {"T00": Movement.PAYMENT, "T01": Movement.FEE, "T04": Movement.PAYOUT}


def lines(line: Line, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
    """What changed our balance from `since` on and before `until`, oldest first."""
    start = since
    while True:
        end = min(start + A_WEEK, until)
        yield from (_named(line, each) for each in _of_a_week(line, start, end))
        if end >= until:
            break
        start = end


def _of_a_week(line: Line, start: datetime, end: datetime) -> list[AccountLine]:
    page, found = 1, []
    while True:
        words = line.look(PATH, **_asked(start, end, page=page))
        if words is None:
            raise Unreachable("there is no list of transactions")
        infos = [each["transaction_info"] for each in words.get("transaction_details") or []]
        found += [_line(info) for info in infos if info.get("transaction_status", "S") in MOVED]
        if page >= int(words.get("total_pages") or 0):
            break
        page += 1
    return sorted((each for each in found if start <= each.at < end), key=lambda one: one.at)


def _asked(start: datetime, end: datetime, *, page: int) -> dict[str, str]:
    return {
        "start_date": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end_date": (end + timedelta(seconds=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "fields": "transaction_info",  # nothing of whom
        "balance_affecting_records_only": "Y",
        "page_size": "500",
        "page": str(page),
    }


def _line(info: Mapping[str, Any]) -> AccountLine:
    try:
        name, gross = info["transaction_id"], from_paypal(info["transaction_amount"])
        movement = _movement(info, gross)
        taken = info.get("fee_amount")
        return AccountLine(
            id=name,
            movement=movement,
            at=datetime.fromisoformat(info["transaction_initiation_date"]),
            gross=gross,
            fee=-from_paypal(taken) if taken else Money(0, gross.currency),
            payment_id=_payment(info, movement),
            object_id=_object(info, movement, gross),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def _movement(info: Mapping[str, Any], gross: Money) -> Movement:
    code = info["transaction_event_code"]
    if code in CAME_BACK and gross.minor > 0:
        return CAME_BACK[code] if _reference(info) else Movement.OTHER
    if code in AT_STAKE:
        return Movement.DISPUTE if gross.minor < 0 else Movement.DISPUTE_RETURN
    movement = BY_CODE.get(code) or BY_FAMILY.get(code[:3], Movement.OTHER)
    is_ours = movement is Movement.PAYMENT and gross.minor < 0  # we paid somebody
    return Movement.OTHER if is_ours else movement


def _named(line: Line, moved: AccountLine) -> AccountLine:
    """PayPal's list has no ids of disputes."""
    if moved.movement not in (Movement.DISPUTE, Movement.DISPUTE_RETURN) or not moved.payment_id:
        return moved
    dispute = paypal_disputes.behind(line, moved)
    return replace(moved, object_id=dispute) if dispute else moved


def _payment(info: Mapping[str, Any], movement: Movement) -> str:
    if movement is Movement.PAYMENT:
        return f"{CAPTURE}/{info['transaction_id']}"
    if movement in CAME_BACK.values():
        return ""
    reference = _reference(info)
    return f"{CAPTURE}/{reference}" if reference else ""


def _object(info: Mapping[str, Any], movement: Movement, gross: Money) -> str:
    if movement is Movement.PAYMENT:
        return f"{CAPTURE}/{info['transaction_id']}"
    came_back = movement in CAME_BACK.values() and gross.minor > 0
    return _reference(info) if came_back else str(info["transaction_id"])


def _reference(info: Mapping[str, Any]) -> str:
    """The transaction before it that this one is about, if PayPal names one."""
    is_named = info.get("paypal_reference_id_type") == "TXN"
    return str(info["paypal_reference_id"]) if is_named else ""
