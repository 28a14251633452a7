"""Looking at a real PayPal app, as an operator does before the first gift."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, PaymentError
from tamizdat.payments.providers.base import Order, Page, Remote, RemoteState
from tamizdat.payments.providers.finding import Finding
from tamizdat.payments.providers.paypal import PayPal

NEEDED = frozenset(
    [
        "CHECKOUT.ORDER.APPROVED",
        "CUSTOMER.DISPUTE.CREATED",
        "CUSTOMER.DISPUTE.RESOLVED",
        "CUSTOMER.DISPUTE.UPDATED",
        "PAYMENT.CAPTURE.COMPLETED",
        "PAYMENT.CAPTURE.DECLINED",
        "PAYMENT.CAPTURE.PENDING",
        "PAYMENT.CAPTURE.REFUNDED",
        "PAYMENT.CAPTURE.REVERSED",
    ]
)
FIVE = Money(500, "EUR")
NOBODY = "EE/nobody"  # a token of no account


def examine(paypal: PayPal, *, hook: str, reference: str) -> Iterator[Finding]:
    """One thing after another; a step that cannot be taken says so, and the next is tried.

    `hook` is where PayPal should tell us; `reference` names this look, so that it is asked anew.
    """
    kind = "Sandbox: no real money" if paypal.is_pretend else "LIVE: real accounts are charged"
    yield Finding(is_good=True, text=f"{kind}.")
    for step in (
        _hooks(paypal, hook),
        _page(paypal, f"{reference}-page", keep=False),
        _page(paypal, f"{reference}-kept", keep=True),
        _order(paypal, f"{reference}-order"),
        _account(paypal),
    ):
        try:
            yield from step
        except PaymentError as error:
            yield Finding(is_good=False, text=_what_to_do(error))


def _hooks(paypal: PayPal, address: str) -> Iterator[Finding]:
    listed = (paypal.line.look("/v1/notifications/webhooks") or {}).get("webhooks") or []
    hook = next((hook for hook in listed if hook["url"] == address), None)
    if hook is None:
        yield Finding(is_good=False, text=f"No webhook {address}: add it to the app")
        return
    is_ours = hook["id"] == paypal.webhook_id
    hint = "" if is_ours else f": set paypal.webhook_id to {hook['id']}"
    yield Finding(is_good=is_ours, text=f"Webhook {address}{hint}")
    events = {event["name"] for event in hook["event_types"]}
    if missing := NEEDED - events if "*" not in events else set():
        yield Finding(is_good=False, text=f"It is not told of: {', '.join(sorted(missing))}")


def _page(paypal: PayPal, key: str, *, keep: bool) -> Iterator[Finding]:
    back = Page(return_url="https://example.org/", language="en", keep_instrument=keep)
    opened = paypal.open(Order(key, FIVE), back)
    is_there = opened.url.startswith(f"{paypal.page_origin}/")
    kind = "that keeps an account" if keep else "for a gift made once"
    yield Finding(is_good=is_there, text=f"A page {kind} was opened: {opened.url}")
    paypal.cancel(key=key, remote_id=opened.id)
    yield _closed(paypal.fetch(remote_id=opened.id), "The page was closed again")


def _order(paypal: PayPal, key: str) -> Iterator[Finding]:
    """Of an account that does not exist: nothing could be taken."""
    named = paypal.charge_saved(Order(key, FIVE), token=NOBODY)
    is_named = named.state is RemoteState.READY
    yield Finding(is_good=is_named, text="An order for a kept account was made, and not taken")
    yield _closed(paypal.cancel(key=key, remote_id=named.id), "The order was closed again")
    yield _closed(paypal.confirm(named), "Asked to take it all the same, PayPal refuses")


def _account(paypal: PayPal) -> Iterator[Finding]:
    until = datetime.now(UTC) - timedelta(hours=3)
    lines = list(paypal.account_lines(since=until - timedelta(days=1), until=until))
    text = f"The account can be read: {len(lines)} changes of the balance in a day"
    yield Finding(is_good=True, text=text)


def _closed(remote: Remote | None, text: str) -> Finding:
    found = remote.state if remote else None
    is_good = found is RemoteState.CANCELED
    return Finding(is_good=is_good, text=text if is_good else f"{text}? It is {found}")


def _what_to_do(error: PaymentError) -> str:
    if isinstance(error, Declined):
        return f"PayPal refused: {error.reason}. docs/providers.md says what an app needs"
    if "401" in str(error):
        return "PayPal does not know this app: copy its client id and secret anew"
    if "403" in str(error):
        return "This app may not do that: give it the features that docs/providers.md lists"
    return f"PayPal did not answer ({error}): try again, and see whether this machine may go out"
