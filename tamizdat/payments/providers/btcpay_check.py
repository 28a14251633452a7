"""Looking at a real BTCPay store, as an operator does before the first gift. No coin moves."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, PaymentError
from tamizdat.payments.providers.base import Order, Page, RemoteState
from tamizdat.payments.providers.btcpay import BTCPay
from tamizdat.payments.providers.finding import Finding

NEEDED = frozenset(
    [
        "InvoiceExpired",
        "InvoiceInvalid",
        "InvoicePaymentSettled",
        "InvoiceProcessing",
        "InvoiceReceivedPayment",
        "InvoiceSettled",
    ]
)


def examine(btcpay: BTCPay, *, hook: str, reference: str) -> Iterator[Finding]:
    """One thing after another; a step that cannot be taken says so, and the next is tried.

    `hook` is where BTCPay should tell us; `reference` names this look, so that it is asked anew.
    """
    pages = [_page(btcpay, code, f"{reference}-{code}") for code in sorted(btcpay.currencies)]
    steps = [*pages, _addresses(btcpay, reference), _hooks(btcpay, hook), _refunds(btcpay)]
    for step in steps:
        try:
            yield from step
        except PaymentError as error:
            yield Finding(is_good=False, text=_what_to_do(error))


def _page(btcpay: BTCPay, currency: str, key: str) -> Iterator[Finding]:
    """An invoice of 5, looked for by its key, and called off."""
    order = Order(key=key, money=Money.parse("5", currency))
    page = Page(return_url="https://example.org/", language="en", keep_instrument=False)
    opened = btcpay.open(order, page)
    found = btcpay.fetch(key=key)
    yield Finding(
        is_good=found is not None and found.id == opened.id,
        text=f"An invoice of 5 {currency}, found again by its key",
    )
    ways = btcpay.line.get(f"/invoices/{opened.id}/payment-methods") or []
    open_ways = [way["paymentMethodId"] for way in ways if way["activated"]]
    yield Finding(
        is_good=bool(open_ways),
        text=f"It can be paid by {', '.join(open_ways)}"
        if open_ways
        else f"Nothing to pay it with: the store has no wallet, or no rate for {currency}",
    )
    closed = btcpay.cancel(key=key)
    is_closed = closed is not None and closed.state is RemoteState.CANCELED
    yield Finding(is_good=is_closed, text="It was called off" if is_closed else "It is still open")


def _addresses(btcpay: BTCPay, reference: str) -> Iterator[Finding]:
    """Two givers must not see the same address, nor each other's gifts."""
    page = Page(return_url="https://example.org/", language="en", keep_instrument=False)
    money = Money.parse("5", min(btcpay.currencies))
    seen: list[str] = []
    for number in (1, 2):
        order = Order(key=f"{reference}-address-{number}", money=money)
        opened = btcpay.open(order, page)
        ways = btcpay.line.get(f"/invoices/{opened.id}/payment-methods") or []
        seen += {way["destination"] for way in ways if way["destination"]}
        btcpay.cancel(key=order.key)
    is_fresh = len(seen) == len(set(seen))
    text = "Each invoice has addresses of its own"
    yield Finding(
        is_good=is_fresh,
        text=text if is_fresh else "Two invoices have the same address: use a wallet with an xpub",
    )


def _hooks(btcpay: BTCPay, hook: str) -> Iterator[Finding]:
    hooks = btcpay.line.get(f"/stores/{btcpay.store}/webhooks") or []
    mine = [one for one in hooks if one["url"] == hook]
    if not mine:
        known = ", ".join(urlsplit(one["url"]).netloc for one in hooks) or "none"
        yield Finding(is_good=False, text=f"No webhook {hook}; those there are lead to: {known}")
        return
    [first, *more] = mine
    events = first["authorizedEvents"]
    heard = NEEDED if events.get("everything") else set(events.get("specificEvents") or [])
    missing = sorted(NEEDED - heard)
    is_good = not missing and first["enabled"] and first["automaticRedelivery"] and not more
    yield Finding(
        is_good=is_good,
        text=f"Webhook {hook}"
        if is_good
        else f"Webhook {hook} must be one, enabled, with automatic redelivery; missing events: "
        f"{', '.join(missing) or 'none'}",
    )


def _refunds(btcpay: BTCPay) -> Iterator[Finding]:
    btcpay.find_refund(key="none", remote_id="none")
    yield Finding(is_good=True, text="Refunds can be looked for")


def _what_to_do(error: PaymentError) -> str:
    if isinstance(error, Declined):
        return f"BTCPay refused: {error.reason}. Has the store a wallet, and a rate source?"
    if "401" in str(error):
        return "BTCPay does not know this key: make a new one under Account, API keys"
    if "403" in str(error):
        return "This key may not do that: give it the rights that docs/providers.md lists"
    return f"BTCPay did not answer ({error}): see whether this machine may go there"
