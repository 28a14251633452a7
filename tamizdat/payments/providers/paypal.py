"""PayPal accounts, by Orders v2. The reader approves at PayPal; we take the money afterwards.

    open      an order with intent CAPTURE, which its reader approves   page/ID
    confirm   the same order, once we have committed that we may        order/ID
              that order, captured                                      capture/ID
    saved     an order without a source                                 order/ID
              that order, captured from the account that was kept

An order is captured once, whatever is asked of it and however often; its id is in our database
before it is. PayPal forgets keys after six hours, finds no order by ours, and drops an order that
nobody approved after three: see docs/providers.md.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import httpx

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, NotOurs, Unreachable
from tamizdat.payments.providers import paypal_account, paypal_asks, paypal_disputes
from tamizdat.payments.providers import paypal_answers as answers
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
from tamizdat.payments.providers.paypal_amounts import CURRENCIES
from tamizdat.payments.providers.paypal_answers import CAPTURE, NEVER, ORDER, PAGE
from tamizdat.payments.providers.paypal_line import (
    LIVE,
    SANDBOX,
    TIMEOUT_SECONDS,
    Answer,
    App,
    Line,
    Reply,
)
from tamizdat.payments.providers.paypal_seal import Seal
from tamizdat.payments.providers.rates import Rates

PAGES = {LIVE: "https://www.paypal.com", SANDBOX: "https://www.sandbox.paypal.com"}
CERTIFICATES = {LIVE: "https://api.paypal.com", SANDBOX: "https://api.sandbox.paypal.com"}
TOKEN = re.compile(r"([A-Z]{2})/(?:(order)/)?([0-9A-Za-z_-]{1,120})")
PARTLY = "PARTIALLY_REFUNDED"
NOT_TAKEN = (RemoteState.WAITING, RemoteState.READY)
ORDERS, CAPTURES = "/v2/checkout/orders", "/v2/payments/captures"
KEPT = "/v3/vault/payment-tokens"


class PayPal:
    code = "paypal"
    methods: tuple[str, ...] = ("paypal",)
    hidden_methods: tuple[str, ...] = ()
    currencies = CURRENCIES
    learns_country = True
    keeps_instruments = True
    is_push = False
    told_within = timedelta(days=1)

    def __init__(
        self,
        app: App,
        *,
        rates: Rates = MappingProxyType({}),
        transport: httpx.BaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.rates = rates
        self.is_pretend = app.address != LIVE
        self.page_origin = PAGES.get(app.address, app.address)
        self.webhook_id, self._brand = app.webhook_id, app.brand
        self.line = Line(app, transport=transport, timeout=timeout)
        origin = CERTIFICATES.get(app.address, app.address)
        self._seal = Seal(app.webhook_id, origin=origin, open_file=self.line.open_file)

    def open(self, order: Order, page: Page) -> Remote:
        asked = paypal_asks.asking_for_page(order, page, brand=self._brand)
        reply = self.line.ask(ORDERS, asked, key=f"{order.key}-page")
        known = self._as_it_is_now(reply)
        remote = _about(order, answers.of_order(known or reply.body, kind=PAGE))
        if known is None:  # approved by nobody, and dropped
            remote = replace(remote, state=RemoteState.CANCELED, url="")
        return replace(remote, url=remote.url or page.return_url)  # over, it leads back

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:  # noqa: ARG002
        """By id alone: nothing takes money here whose id we have not committed.

        A page that PayPal no longer has took none. An order that it no longer has may have.
        """
        kind, _, name = remote_id.partition("/")
        if kind == CAPTURE:
            return self._with_all_that_followed(name)
        if kind not in (PAGE, ORDER):
            return None
        order = self._order(name) if kind == ORDER else self._look_up(name)
        return answers.of_order(order, kind=kind) if order and answers.is_ours(order) else None

    def confirm(self, remote: Remote) -> Remote:
        kind, _, name = remote.id.partition("/")
        if kind == CAPTURE:
            return answers.of_capture(self._capture(name))
        if kind == ORDER:
            return self._take(name, key=remote.key, token=remote.token)
        found = answers.of_order(self._order(name), kind=PAGE)
        is_ready = found.state is RemoteState.READY
        return replace(found, id=f"{ORDER}/{name}") if is_ready else found

    def charge_saved(self, order: Order, *, token: str) -> Remote:
        asked = paypal_asks.asking_for(order, reference=self._resolved(token))
        reply = self.line.ask(ORDERS, asked, key=f"{order.key}-payment")
        made = self._as_it_is_now(reply) or self.line.ask(ORDERS, asked).body
        return _about(order, answers.of_order(made, kind=ORDER))

    def kept(self, token: str) -> Kept:
        """`token` is country/name, as in `US/8kk8451t`."""
        country, _, name = self._resolved(token).partition("/")
        words = self.line.look(f"{KEPT}/{name}")
        if words is None:
            raise Declined("unknown_token", is_hard=True)
        return Kept(issuer_country=answers.country_of(words) or country)

    def forget(self, token: str) -> None:
        """Raises Declined as well where PayPal has not told yet what it kept the account as."""
        try:
            name = self._resolved(token).partition("/")[2]
        except Declined as no:
            if no.is_hard:  # it has kept nothing
                return
            raise
        self.line.delete(f"{KEPT}/{name}")

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:  # noqa: ARG002
        """What has no id with us was never captured, and never will be; nor a page as such."""
        kind, _, name = remote_id.partition("/")
        if kind == CAPTURE:
            return answers.of_capture(self._capture(name))
        if kind not in (PAGE, ORDER):
            return None
        self._shut(name)
        order = self._order(name) if kind == ORDER else self._look_up(name)
        if order is None:
            return None
        remote = answers.of_order(order, kind=kind)
        if remote.state not in NOT_TAKEN:
            return remote
        if kind == ORDER:
            raise Unreachable("the order could not be closed")
        return replace(remote, state=RemoteState.CANCELED)

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        """Looks first: keys are forgotten after 45 days, what was given back is not."""
        if known := self._refunds(key=key, remote_id=remote_id):
            return answers.of_refund(known[0])
        name = remote_id.removeprefix(f"{CAPTURE}/")
        words = {"amount": paypal_asks.written(money), "custom_id": key, "invoice_id": key}
        reply = self.line.ask(f"{CAPTURES}/{name}/refund", words, key=key)
        return answers.of_refund(reply.body)

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        known = self._refunds(key=key, remote_id=remote_id)
        return answers.of_refund(known[0]) if known else None

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        """PayPal's list is up to three hours behind its balance."""
        return paypal_account.lines(self.line, since=since, until=until)

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        """What it says is only where to look: the seal is on a checksum, not on each word."""
        self._seal.verify(body, headers, now=now)
        words = json.loads(body)
        kind, resource = words["event_type"], words.get("resource") or {}
        return Notice(event_id=words["id"], kind=kind[:60], object_id=_subject(kind, resource))

    def _take(self, name: str, *, key: str, token: str) -> Remote:
        """Capture an order, from a kept account if there is a token of it."""
        words = {}
        if match := TOKEN.fullmatch(token):
            words = {"payment_source": {"paypal": {"vault_id": match[3]}}}
        try:
            reply = self.line.ask(f"{ORDERS}/{name}/capture", words, key=f"{key}-take")
        except Declined as no:
            return self._refused(name, no)
        remote = answers.of_order(reply.body, kind=ORDER)
        if remote.state is RemoteState.DECLINED:
            self._shut(name)
        return remote

    def _refused(self, name: str, no: Declined) -> Remote:
        """Never asked again: the next try is another order. Unless it was taken all the same."""
        found = answers.of_order(self._order(name), kind=ORDER)
        if found.state not in NOT_TAKEN:
            return found
        self._shut(name)
        found = answers.of_order(self._order(name), kind=ORDER)
        if found.state is not RemoteState.CANCELED:
            return found
        state = RemoteState.DECLINED
        return replace(found, state=state, reason=no.reason, is_hard=no.is_hard)

    def _shut(self, name: str) -> None:
        """PayPal cancels no order. One whose intent is to authorise cannot be captured."""
        change = {"op": "replace", "path": "/intent", "value": NEVER}
        with contextlib.suppress(Declined):
            self.line.ask(f"{ORDERS}/{name}", [change], verb="PATCH")

    def _resolved(self, token: str) -> str:
        """A token with the name of the account, which may have come after the first payment.

        Raises Declined when PayPal kept none, or has not told its name yet.
        """
        match = TOKEN.fullmatch(token)
        if not match:
            raise Declined("instrument_not_kept", is_hard=True)
        country, is_order, name = match.groups()
        if is_order and not (name := answers.vault_id_of(self._look_up(name) or {})):
            raise Declined("instrument_not_kept", is_hard=False)
        return f"{country}/{name}"

    def _with_all_that_followed(self, name: str) -> Remote | None:
        capture = self._capture(name)
        if not capture.get("custom_id"):
            return None
        order = self._look_up(answers.order_of(capture))
        if order is None and capture["status"] == PARTLY:
            raise Unreachable("it does not say what went back")
        remote = answers.of_order(order, kind=ORDER) if order else answers.of_capture(capture)
        return replace(remote, disputes=paypal_disputes.about(self.line, capture_id=name))

    def _refunds(self, *, key: str, remote_id: str) -> list[Answer]:
        capture = self._capture(remote_id.removeprefix(f"{CAPTURE}/"))
        order = self._look_up(answers.order_of(capture))
        if order is None and capture["status"] in (PARTLY, "REFUNDED"):
            raise Unreachable("it does not say which refunds there are")
        refunds = answers.refunds_of(order) if order else []
        return [dict(refund) for refund in refunds if refund.get("custom_id") == key]

    def _as_it_is_now(self, reply: Reply) -> Answer | None:
        """An order that was just made; one that was made under this key before, if it is there."""
        return self._look_up(reply.body["id"]) if reply.is_repeated else reply.body

    def _look_up(self, name: str) -> Answer | None:
        return self.line.look(f"{ORDERS}/{name}") if name else None

    def _order(self, name: str) -> Answer:
        """What must be there, because PayPal named it to us."""
        order = self._look_up(name)
        if order is None:
            raise NotOurs("not of this account, or no longer there")
        return order

    def _capture(self, name: str) -> Answer:
        capture = self.line.look(f"{CAPTURES}/{name}")
        if capture is None:
            raise NotOurs("not of this account")
        return capture


def _about(order: Order, remote: Remote) -> Remote:
    """PayPal answers a key with what it made under it, whatever is asked this time."""
    if (remote.key, remote.money) != (order.key, order.money):
        raise Declined("key_reused", is_hard=False)
    return remote


def _subject(kind: str, resource: Mapping[str, Any]) -> str:
    """The payment that an event is about."""
    head, name = "other", str(resource.get("id") or "")
    if kind.startswith("CUSTOMER.DISPUTE."):
        disputed = (resource.get("disputed_transactions") or [{}])[0]
        head, name = CAPTURE, disputed.get("seller_transaction_id")
    elif kind.startswith(("PAYMENT.CAPTURE.", "PAYMENT.REFUND.")):
        head, name = CAPTURE, answers.captured_by(resource) or name
    elif kind.startswith("CHECKOUT.ORDER."):
        head = PAGE
    return f"{head}/{name}" if name else "other/"
