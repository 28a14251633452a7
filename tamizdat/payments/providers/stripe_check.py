"""Looking at a real Stripe account, as an operator does before the first gift."""

from collections.abc import Iterator

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, PaymentError
from tamizdat.payments.providers.base import Order, Page, Remote, RemoteState
from tamizdat.payments.providers.finding import Finding
from tamizdat.payments.providers.stripe import Stripe
from tamizdat.payments.providers.stripe_amounts import CURRENCIES
from tamizdat.payments.providers.stripe_line import API_VERSION, asking

NEEDED = frozenset(
    [
        "checkout.session.completed",
        "checkout.session.expired",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.succeeded",
        "setup_intent.setup_failed",
    ]
)
PRETEND_CARD = "pm_card_visa"  # Stripe's own, for test keys


def examine(stripe: Stripe, *, hook: str, reference: str) -> Iterator[Finding]:
    """One thing after another; a step that cannot be taken says so, and the next is tried.

    `hook` is where Stripe should tell us; `reference` names this look, so that it is asked anew.
    """
    kind = "test key: no real money" if stripe.is_pretend else "LIVE key: real cards are charged"
    yield Finding(is_good=True, text=f"{kind}. Interface {API_VERSION}.")
    steps = [_account(stripe), _hooks(stripe, hook), _page(stripe, reference)]
    if stripe.is_pretend:
        steps.append(_payment(stripe, reference))
    for step in steps:
        try:
            yield from step
        except PaymentError as error:
            yield Finding(is_good=False, text=_what_to_do(error))


def _account(stripe: Stripe) -> Iterator[Finding]:
    v1 = stripe.client.v1
    with asking():
        account = v1.accounts.retrieve_current().to_dict()
        spec = v1.country_specs.retrieve(account["country"]).to_dict()
    sign = account["settings"]["payments"]["statement_descriptor"] or "(none)"
    yield Finding(
        is_good=account["charges_enabled"],
        text=f"Account {account['id']} in {account['country']}, charges "
        + ("enabled" if account["charges_enabled"] else "NOT enabled: see Stripe's dashboard"),
    )
    yield Finding(is_good=True, text=f"Readers' bank statements will say: {sign}")
    taken = {code.upper() for code in spec["supported_payment_currencies"]}
    missing = " ".join(sorted(CURRENCIES - taken)) or "none"
    yield Finding(is_good=True, text=f"Currencies this account does not take: {missing}")


def _hooks(stripe: Stripe, address: str) -> Iterator[Finding]:
    with asking():
        listed = stripe.client.v1.webhook_endpoints.list({"limit": 100}).to_dict()["data"]
    hook = next((hook for hook in listed if hook["url"] == address), None)
    if hook is None:
        yield Finding(is_good=False, text=f"No webhook endpoint {address}: add it in the dashboard")
        return
    yield Finding(is_good=hook["status"] == "enabled", text=f"Webhook {address}: {hook['status']}")
    events = set(hook["enabled_events"])
    if missing := NEEDED - events if "*" not in events else set():
        yield Finding(is_good=False, text=f"It is not told of: {', '.join(sorted(missing))}")


def _page(stripe: Stripe, reference: str) -> Iterator[Finding]:
    order = Order(key=f"{reference}-page", money=Money(500, "EUR"))
    back = Page(return_url="https://example.org/", language="en", keep_instrument=False)
    opened = stripe.open(order, back)
    is_there = opened.url.startswith(f"{stripe.page_origin}/")
    yield Finding(is_good=is_there, text=f"A page was opened: {opened.url}")
    closed = stripe.cancel(key=order.key, remote_id=opened.id)
    yield _is(closed, RemoteState.CANCELED, "It was closed again")


def _payment(stripe: Stripe, reference: str) -> Iterator[Finding]:
    """A card that Stripe pretends with pays 5.00, and gets it back."""
    order = Order(key=f"{reference}-payment", money=Money(500, "EUR"))
    with asking():
        customer = stripe.client.v1.customers.create({"metadata": {"key": order.key}})
        attach = stripe.client.v1.payment_methods.attach
        card = attach(PRETEND_CARD, {"customer": customer.id})
    named = stripe.charge_saved(order, token=f"{customer.id}/{card.id}")
    yield _is(named, RemoteState.READY, f"A payment by a card of {named.issuer_country}, not taken")
    paid = stripe.confirm(named)
    fee = f"{paid.fee.minor / 100:.2f}"
    yield _is(paid, RemoteState.SUCCEEDED, f"It was taken; fee {fee} (0.00: not known in EUR yet)")
    again = stripe.confirm(named)
    yield _is(again, RemoteState.SUCCEEDED, "Confirmed again, it is the same payment")
    stripe.refund(key=f"{order.key}-refund", remote_id=paid.id, money=order.money)
    yield Finding(is_good=True, text="It was given back")
    with asking():
        stripe.client.v1.customers.delete(customer.id)


def _is(remote: Remote | None, state: RemoteState, text: str) -> Finding:
    found = remote.state if remote else None
    is_good = found is state
    return Finding(is_good=is_good, text=text if is_good else f"{text}? It is {found}")


def _what_to_do(error: PaymentError) -> str:
    if isinstance(error, Declined):
        return f"Stripe refused: {error.reason}. Its dashboard, under Developers, says why"
    if "401" in str(error):
        return "Stripe does not know this key: copy it anew from the dashboard"
    if "403" in str(error):
        return "This key may not do that: give it the rights that docs/providers.md lists"
    return f"Stripe did not answer ({error}): try again, and see whether this machine may go out"
