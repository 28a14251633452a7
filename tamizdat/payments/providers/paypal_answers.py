"""PayPal's objects, as far as we read them, made into ours."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers.base import Remote, RemoteRefund, RemoteState
from tamizdat.payments.providers.paypal_amounts import from_paypal
from tamizdat.payments.providers.paypal_declines import reason_of_capture

Answer = Mapping[str, Any]

# Whose id it is that we keep. An order is a page until we have committed that it is to take money.
PAGE, ORDER, CAPTURE = "page", "order", "capture"
A_PAGE = "default"  # as `reference_id`, where that of a kept account has its token

NEVER = "AUTHORIZE"  # as `intent`: it cannot be captured, and we authorise nothing
TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
GONE = ("FAILED", "CANCELLED")  # refunds


def is_ours(order: Answer) -> bool:
    units = order.get("purchase_units") or [{}]
    return bool(units[0].get("custom_id"))


def of_order(order: Answer, *, kind: str) -> Remote:
    """`kind` is PAGE or ORDER: whether we have committed that it may take money."""
    try:
        unit = order["purchase_units"][0]
        capture = next(iter(reversed(captures_of(order))), None)
        remote = Remote(
            id=f"{kind}/{order['id']}",
            key=unit["custom_id"],
            state=RemoteState.PENDING if capture else _state_of(order),
            money=from_paypal(unit["amount"]),
            fee=Money(0, unit["amount"]["currency_code"]),
            url=_page_of(order),
            token="" if capture else _kept(unit),
            issuer_country=_country(order),
        )
        return _with_capture(remote, order, capture) if capture else remote
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def of_capture(capture: Answer) -> Remote:
    """Money that was taken. The token, the country and the refunds are only with its order."""
    try:
        money = from_paypal(capture["amount"])
        state, reason, is_hard = _state_of_capture(capture)
        settled, fee = _settled(capture, money)
        return Remote(
            id=f"{CAPTURE}/{capture['id']}",
            key=capture.get("custom_id", ""),
            state=state,
            money=money,
            fee=fee,
            settled=settled,
            reason=reason,
            is_hard=is_hard,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def captures_of(order: Answer) -> list[Answer]:
    return (order["purchase_units"][0].get("payments") or {}).get("captures") or []


def refunds_of(order: Answer) -> list[Answer]:
    """All of them: an order of ours is captured once."""
    return (order["purchase_units"][0].get("payments") or {}).get("refunds") or []


def order_of(capture: Answer) -> str:
    """The id of the order by which this money was taken."""
    related = (capture.get("supplementary_data") or {}).get("related_ids") or {}
    return str(related.get("order_id") or "")


def captured_by(refund: Answer) -> str:
    """The id of the capture that it gives back, from its link upwards."""
    links = refund.get("links") or []
    up = next((link["href"] for link in links if link.get("rel") == "up"), "")
    head, _, name = up.rpartition("/captures/")
    return name if head else ""


def of_refund(refund: Answer) -> RemoteRefund:
    """Raises Declined if it failed."""
    told = _refund(refund)
    if told.has_failed:
        raise Declined("refund_failed", is_hard=False)
    return told


def _refund(refund: Answer) -> RemoteRefund:
    try:
        has_failed = refund.get("status") in GONE
        return RemoteRefund(refund["id"], from_paypal(refund["amount"]), has_failed=has_failed)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def country_of(thing: Answer) -> str:
    """Of the account that pays an order, or that was kept; empty where PayPal does not tell."""
    wallet = (thing.get("payment_source") or {}).get("paypal") or {}
    for who in (wallet, thing.get("payer") or {}):
        if code := (who.get("address") or {}).get("country_code"):
            return "CN" if code == "C2" else str(code)
    return ""


def vault_id_of(order: Answer) -> str:
    return str((_vault(order) or {}).get("id") or "")


def _with_capture(remote: Remote, order: Answer, capture: Answer) -> Remote:
    taken = of_capture(capture)
    is_over = taken.state is RemoteState.SUCCEEDED
    return replace(
        remote,
        id=taken.id if is_over else f"{ORDER}/{order['id']}",
        state=taken.state,
        money=taken.money,
        fee=taken.fee,
        refunds=tuple(_refund(one) for one in refunds_of(order)),
        settled=taken.settled,
        token=_token(order) if is_over else "",
        reason=taken.reason,
        is_hard=taken.is_hard,
    )


def _state_of(order: Answer) -> RemoteState:
    """Of an order without a capture."""
    status = order["status"]
    if status == "VOIDED" or order.get("intent") == NEVER:
        return RemoteState.CANCELED
    if status == "COMPLETED":
        raise ValueError("completed by nothing")
    is_kept = bool(_kept(order["purchase_units"][0]))
    is_agreed = status == "APPROVED" or (is_kept and status == "CREATED")
    return RemoteState.READY if is_agreed else RemoteState.WAITING


def _state_of_capture(capture: Answer) -> tuple[RemoteState, str, bool]:
    status = capture["status"]
    if status in TAKEN:
        return RemoteState.SUCCEEDED, "", False
    if status == "PENDING":
        return RemoteState.PENDING, "", False
    return (RemoteState.DECLINED, *reason_of_capture(capture))


def _settled(capture: Answer, money: Money) -> tuple[Money | None, Money]:
    """What came of `money` in a balance of another currency, and what PayPal keeps.

    0 while it does not say. Of a sum that it changed it tells only what is left after its fee.
    """
    told = capture.get("seller_receivable_breakdown") or {}
    if changed := told.get("receivable_amount"):
        settled = from_paypal(changed)
        return settled, Money(0, settled.currency)
    fee = told.get("paypal_fee")
    return None, from_paypal(fee) if fee else Money(0, money.currency)


def _kept(unit: Answer) -> str:
    """The token that this order is to be paid with, if it is no page."""
    reference = unit.get("reference_id") or A_PAGE
    return "" if reference == A_PAGE else str(reference)


def _token(order: Answer) -> str:
    """Names the payer's account: country, then what it is kept as, or the order that is to say."""
    vault = _vault(order)
    if vault is None:
        return ""
    name = vault.get("id") or f"{ORDER}/{order['id']}"
    return f"{_country(order)}/{name}"


def _vault(order: Answer) -> Answer | None:
    wallet = (order.get("payment_source") or {}).get("paypal") or {}
    vault: Answer | None = (wallet.get("attributes") or {}).get("vault")
    return vault


def _country(order: Answer) -> str:
    """Of the payer's account; of a kept one, as it was when it was kept: it never changes."""
    return country_of(order) or _kept(order["purchase_units"][0]).partition("/")[0]


def _page_of(order: Answer) -> str:
    links = order.get("links") or []
    ways = ("payer-action", "approve")
    return next((link["href"] for link in links if link.get("rel") in ways), "")
