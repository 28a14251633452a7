"""Cards through Stripe. Its page asks for the card and takes no money; we take it afterwards.

    open      a Checkout Session in `setup` mode                            (cs_…)
    confirm   its card on a PaymentIntent that is made, and not confirmed   (pi_…)
              that PaymentIntent, confirmed: the bank sets the money aside
              the money, captured, unless the risk is too high
    saved     a PaymentIntent that is made and not confirmed, then the same

A PaymentIntent takes money once, whatever is asked of it and however often. So ours has its id in
our database before it is confirmed, and no promise of Stripe's about keys is needed for nobody to
pay twice: see docs/adr/0007.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

import httpx
import stripe

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, NotOurs, PaymentError, Unreachable
from tamizdat.payments.providers import stripe_account
from tamizdat.payments.providers import stripe_answers as answers
from tamizdat.payments.providers.account import AccountLine
from tamizdat.payments.providers.base import (
    Kept,
    Notice,
    Order,
    Page,
    Remote,
    RemoteRefund,
    RemoteState,
)
from tamizdat.payments.providers.rates import Rates
from tamizdat.payments.providers.stripe_amounts import (
    CURRENCIES,
    CannotBeWritten,
    from_stripe,
    to_stripe,
)
from tamizdat.payments.providers.stripe_line import ADDRESS, TIMEOUT_SECONDS, Line, asking, connect

TOLERANCE_SECONDS = 300  # how old a signature may be
SIGNED_AT = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")
PAGES = "https://checkout.stripe.com"
PAGE, PAYMENT = "cs_", "pi_"
LANGUAGES = (  # that its page speaks; Persian is not among them
    "bg cs da de el en es et fi fil fr hr hu id it ja ko lt lv ms mt nb nl pl pt ro ru sk sl sv th "
    "tr vi zh"
)
Thing = TypeVar("Thing")
WITH_CARD = ["setup_intent.payment_method"]
WITH_FEE = ["payment_method", "latest_charge.balance_transaction"]
WITH_REFUNDS = [*WITH_FEE, "latest_charge.refunds"]


class Stripe:
    code = "stripe"
    methods: tuple[str, ...] = ("card",)
    hidden_methods: tuple[str, ...] = ("wallet",)  # Apple Pay and Google Pay come as cards
    currencies = CURRENCIES
    is_push = False
    told_within = timedelta(days=1)
    learns_country = True
    keeps_instruments = True

    def __init__(
        self,
        key: str,
        hook_secret: str,
        *,
        address: str = ADDRESS,
        transport: httpx.BaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
        rates: Rates = MappingProxyType({}),
    ) -> None:
        self.rates = rates
        self.is_pretend = address != ADDRESS or not key.startswith(("sk_live_", "rk_live_"))
        self.page_origin = PAGES if address == ADDRESS else address
        self._hook_secret = hook_secret
        self.line = Line(transport=transport, timeout=timeout)
        self.client = connect(key, self.line, address=address)

    def open(self, order: Order, page: Page) -> Remote:
        language = page.language.partition("-")[0]
        with asking():
            session = self.client.v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "allowed_payment_method_types": ["card"],
                    "currency": order.money.currency.lower(),
                    "success_url": page.return_url,
                    "cancel_url": page.return_url,
                    "locale": language if language in LANGUAGES.split() else "auto",
                    "wallet_options": {"link": {"display": "never"}},  # it asks for a telephone
                    "metadata": {
                        "key": order.key,
                        "card": answers.KEEP if page.keep_instrument else answers.ONCE,
                        "amount": str(order.money.minor),
                        "currency": order.money.currency,
                    },
                },
                {"idempotency_key": f"{order.key}-page"},
            )
        # The answer to a question that was asked before is how it stood then.
        if session.last_response and session.last_response.headers.get("Idempotent-Replayed"):
            session = self._session(session.id)
        remote = answers.of_page(session.to_dict())
        return replace(remote, url=remote.url or page.return_url)  # over, it leads back

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:  # noqa: ARG002
        """By id alone: nothing takes money here whose id we have not committed."""
        if remote_id.startswith(PAGE):
            session = self._session(remote_id).to_dict()
            return answers.of_page(session) if answers.is_ours(session) else None
        if remote_id.startswith(PAYMENT):
            intent = self._intent(remote_id).to_dict()
            return self._read(intent) if answers.is_ours(intent) else None
        return None

    def confirm(self, remote: Remote) -> Remote:
        if remote.id.startswith(PAGE):
            return self._prepare_from_page(remote.id)
        step = self._capture if remote.state is RemoteState.HELD else self._ask_its_bank
        try:
            with asking():
                intent = step(remote)
        except Declined:
            known = self._read(self._intent(remote.id).to_dict())
            if known.state is remote.state:
                raise
            return known
        if intent.status == "requires_action":  # nobody is there to answer: never let it be
            return self._give_up(remote.id)
        return self._read(intent.to_dict())

    def _ask_its_bank(self, remote: Remote) -> stripe.PaymentIntent:
        return self.client.v1.payment_intents.confirm(
            remote.id,
            {"off_session": True, "expand": WITH_FEE},
            {"idempotency_key": f"{remote.key}-confirm"},
        )

    def _capture(self, remote: Remote) -> stripe.PaymentIntent:
        # Without a key of ours: captured twice it is taken once, and "too late" must not be
        # remembered for a day.
        return self.client.v1.payment_intents.capture(remote.id, {"expand": WITH_FEE})

    def charge_saved(self, order: Order, *, token: str) -> Remote:
        customer, _, method = token.partition("/")
        return self._prepare(order, customer=customer, method=method, card=answers.KEPT)

    def kept(self, token: str) -> Kept:
        """`token` is customer/payment method, as in `cus_…/pm_…`."""
        customer, _, method = token.partition("/")
        with asking():
            card = self.client.v1.payment_methods.retrieve(method).to_dict()
            running = self.client.v1.subscriptions.list({"customer": customer, "limit": 100})
        if card.get("customer") != customer:
            raise Declined("unknown_token", is_hard=True)
        return answers.kept(card, [each.to_dict() for each in running.data])

    def forget(self, token: str) -> None:
        """With its customer, unless that one has another card or a subscription, as what began
        elsewhere may: Stripe would end them.
        """
        customer, _, method = token.partition("/")
        v1 = self.client.v1
        try:
            with asking():
                cards = v1.customers.payment_methods.list(customer, {"limit": 100})
                kept = {card.id for card in cards.data}
                running = v1.subscriptions.list({"customer": customer, "limit": 1}).data
                if not running and not kept - {method}:
                    v1.customers.delete(customer)
                elif method in kept:
                    v1.payment_methods.detach(method)
        except Declined as no:
            if no.reason != "unknown_to_provider":
                raise

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:  # noqa: ARG002
        """What has no id with us was never confirmed, and never will be."""
        if remote_id.startswith(PAGE):
            return self._close_page(remote_id)
        if remote_id.startswith(PAYMENT):
            self._cancel(remote_id, why="requested_by_customer")
            return self._read(self._intent(remote_id).to_dict())
        return None

    def keep(self, remote: Remote) -> Remote:
        """Put the card of a page on a customer without a name, as `confirm` does."""
        session = self._session(remote.id).to_dict()
        card = answers.card_of(session)
        if answers.of_page(session).state is not RemoteState.READY:
            raise Declined("nothing_to_keep", is_hard=False)
        customer = card["customer"] or self._keep_card(card["id"], key=remote.key)
        return replace(remote, token=f"{customer}/{card['id']}")

    def expiry_of(self, token: str) -> date | None:
        """Stripe changes it there when a network tells of a new card."""
        method_id = token.partition("/")[2]
        try:
            with asking():
                method = self.client.v1.payment_methods.retrieve(method_id)
        except Declined:
            return None
        return answers.expiry(method.to_dict())

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        """Looks first: keys are forgotten after a day, what was given back is not."""
        if known := self._refunds(key=key, remote_id=remote_id):
            return _given_back(known[0])
        with asking():
            refund = self.client.v1.refunds.create(
                {
                    "payment_intent": remote_id,
                    "amount": _written(money),
                    "metadata": {"key": key},
                },
                {"idempotency_key": key},
            )
        return _given_back(refund)

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        known = self._refunds(key=key, remote_id=remote_id)
        return _given_back(known[0]) if known else None

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        return stripe_account.lines(self.client, since=since, until=until)

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        header = headers.get("Stripe-Signature", "")
        signed_at = SIGNED_AT.search(header)
        if not signed_at:
            raise Forged("no signature")
        try:
            stripe.WebhookSignature.verify_header(body, header, self._hook_secret)
        except (stripe.SignatureVerificationError, ValueError, IndexError) as error:
            raise Forged("not signed by Stripe") from error
        if abs(now.timestamp() - int(signed_at[1])) > TOLERANCE_SECONDS:
            raise Forged("signed too long ago")
        words = json.loads(body)
        thing = words["data"]["object"]
        # Charges, refunds and disputes are about a payment, and that is what we look at.
        about = thing.get("payment_intent") or thing.get("id") or ""
        return Notice(event_id=words["id"], kind=words["type"][:60], object_id=about)

    def _refunds(self, *, key: str, remote_id: str) -> list[stripe.Refund]:
        given = stripe_account.list_refunds(self.client, remote_id)
        return [refund for refund in given if _key_of(refund) == key]

    def _prepare_from_page(self, session_id: str) -> Remote:
        """The payment that is to take what the page promised. The card goes to a customer without
        a name or an address, because only a customer's card may be charged without its reader.
        """
        session = self._session(session_id).to_dict()
        remote = answers.of_page(session)
        if remote.state is not RemoteState.READY:
            return remote
        card = answers.card_of(session)
        customer = card["customer"] or self._keep_card(card["id"], key=remote.key)
        return self._prepare(
            Order(remote.key, remote.money),
            customer=customer,
            method=card["id"],
            card=session["metadata"]["card"],
        )

    def _keep_card(self, method: str, *, key: str) -> str:
        v1 = self.client.v1
        with asking():
            customer = v1.customers.create(
                {"metadata": {"key": key}}, {"idempotency_key": f"{key}-customer"}
            )
        try:
            with asking():
                v1.payment_methods.attach(
                    method, {"customer": customer.id}, {"idempotency_key": f"{key}-keep"}
                )
        except Declined:
            self._forget(customer.id)
            raise
        return customer.id

    def _prepare(self, order: Order, *, customer: str, method: str, card: str) -> Remote:
        with asking():
            intent = self.client.v1.payment_intents.create(
                {
                    "amount": _written(order.money),
                    "currency": order.money.currency.lower(),
                    "customer": customer,
                    "payment_method": method,
                    "allowed_payment_method_types": ["card"],
                    # Radar says how risky a card is once its bank was asked. A card that was kept
                    # has paid before.
                    "capture_method": "automatic" if card == answers.KEPT else "manual",
                    "metadata": {"key": order.key, "card": card},
                    "expand": ["payment_method"],
                },
                {"idempotency_key": f"{order.key}-payment"},
            )
        return answers.of_payment(intent.to_dict())

    def _close_page(self, session_id: str) -> Remote:
        """Nobody can fill it in any more; filled in already, it is marked as not to be used."""
        session = self._session(session_id)
        sessions = self.client.v1.checkout.sessions
        if session.status == "open":
            with contextlib.suppress(Declined), asking():
                sessions.expire(session_id)
        elif session.status == "complete":
            with asking():
                sessions.update(session_id, {"metadata": {"canceled": "yes"}})
        closed = self._session(session_id).to_dict()
        remote = answers.of_page(closed)
        if remote.state is not RemoteState.CANCELED:  # filled in at this very moment
            raise Unreachable("the page was filled in meanwhile")
        self._forget(answers.card_of(closed).get("customer"))
        return remote

    def _give_up(self, payment_id: str) -> Remote:
        self._cancel(payment_id, why=answers.GIVEN_UP)
        return self._read(self._intent(payment_id).to_dict())

    def _cancel(self, payment_id: str, *, why: Any) -> None:
        # Without a key of ours: canceling twice is canceling, and "too late" must not be
        # remembered for a day.
        with contextlib.suppress(Declined), asking():
            self.client.v1.payment_intents.cancel(payment_id, {"cancellation_reason": why})

    def _read(self, intent: dict[str, Any]) -> Remote:
        remote = self._with_what_followed(answers.of_payment(intent), answers.charge_of(intent))
        if answers.is_done_with_card(intent, remote):
            self._forget(intent["customer"])
        return remote

    def _with_what_followed(self, remote: Remote, charge: answers.Answer) -> Remote:
        if answers.has_refunds(charge):
            remote = replace(remote, refunds=stripe_account.refunds_of(self.client, remote.id))
        if charge.get("disputed"):
            remote = replace(remote, disputes=stripe_account.disputes_of(self.client, remote.id))
        return remote

    def _forget(self, customer: str | None) -> None:
        """The card with its customer. Done late or not at all it moves no money."""
        if customer:
            with contextlib.suppress(PaymentError), asking():
                self.client.v1.customers.delete(customer)

    def _session(self, session_id: str) -> stripe.checkout.Session:
        return _known(
            lambda: self.client.v1.checkout.sessions.retrieve(session_id, {"expand": WITH_CARD})
        )

    def _intent(self, payment_id: str) -> stripe.PaymentIntent:
        return _known(
            lambda: self.client.v1.payment_intents.retrieve(payment_id, {"expand": WITH_REFUNDS})
        )


def _known(look: Callable[[], Thing]) -> Thing:
    """What must be there, because Stripe named it to us. Were it not, it is another account's."""
    try:
        with asking():
            return look()
    except Declined as error:
        is_unknown = error.reason == "unknown_to_provider"
        raise (NotOurs if is_unknown else Unreachable)("not of this account") from error


def _key_of(thing: stripe.StripeObject) -> str:
    return str((thing.to_dict().get("metadata") or {}).get("key", ""))


def _given_back(refund: stripe.Refund) -> RemoteRefund:
    if refund.status in stripe_account.FAILED:
        raise Declined("refund_failed", is_hard=False)
    return RemoteRefund(refund.id, from_stripe(refund.amount, refund.currency))


def _written(money: Money) -> int:
    try:
        return to_stripe(money)
    except CannotBeWritten as error:
        raise Declined("amount_not_possible", is_hard=False) from error
