"""Crypto through a BTCPay server of the newsroom's own. Nobody is charged here: the giver sends.

    open      an invoice that carries our key, and nothing else of ours
    fetch     all invoices of that key, with what came in for each
    cancel    an invoice for which nothing came is marked as invalid
    refund    a pull payment: its giver must say where to

An address can be paid for ever, whatever we call off. What comes after we stopped looking is in
`account_lines`, and nowhere else.
"""

import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers import btcpay_account as account
from tamizdat.payments.providers import btcpay_answers as answers
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
from tamizdat.payments.providers.btcpay_answers import Answer
from tamizdat.payments.providers.btcpay_line import Line
from tamizdat.payments.providers.rates import Rates

EXPIRES_MINUTES = 60  # how long the rate holds: a wallet behind Tor takes its time
WATCHED_MINUTES = 23 * 60  # after that; together the day after which we call a page off
LATEST = timedelta(days=30)  # how long after it was made an invoice may still be paid
AT_ONCE = 100
LANGUAGES = (  # that its page speaks; it refuses any other
    "am ar az bg bs ca cs da de el en es fa fi fr he hi hr hu hy id is it ja ka kk ko lv nl no np "
    "pl pt ro ru sk sl sr sv th tr uk vi zh zu"
)
RANKS = (RemoteState.SUCCEEDED, RemoteState.PENDING, RemoteState.WAITING, RemoteState.CANCELED)


class BTCPay:
    code = "btcpay"
    methods: tuple[str, ...] = ("crypto",)
    hidden_methods: tuple[str, ...] = ()
    learns_country = False
    keeps_instruments = False
    is_push = False
    told_within = LATEST
    rates: Rates = MappingProxyType({})  # what the network keeps, its payer pays

    def __init__(
        self,
        line: Line,
        hook_secret: str,
        *,
        store: str,
        address: str,
        currencies: frozenset[str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`address` is where readers find the server; `line` may lead there another way."""
        self.line = line
        self.store = store
        self.page_origin = address
        self.currencies = currencies
        self._hook_secret = hook_secret.encode()
        self._clock = clock

    def open(self, order: Order, page: Page) -> Remote:
        """The page of an invoice. One that expired unpaid gets a successor of the same key."""
        if page.keep_instrument:
            raise Declined("only_once", is_hard=True)
        known = self._of_key(order.key)
        if known and known[0][1].money != order.money:
            raise Declined("key_reused", is_hard=False)
        if known and known[0][1].state is not RemoteState.WAITING:
            return known[0][1]
        still = [remote for invoice, remote in known if invoice["status"] == "New"]
        return still[0] if still else self._make(order, page)

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        known = self._of_key(key) if key else []
        if not known and remote_id:  # put away by somebody, or known from a notice
            known = self._of_id(remote_id)
        return known[0][1] if known else None

    def confirm(self, remote: Remote) -> Remote:  # noqa: ARG002
        raise Declined("only_once", is_hard=True)  # nothing here is ever READY

    def charge_saved(self, order: Order, *, token: str) -> Remote:  # noqa: ARG002
        raise Declined("only_once", is_hard=True)

    def kept(self, token: str) -> Kept:  # noqa: ARG002
        raise Declined("only_once", is_hard=True)

    def forget(self, token: str) -> None:
        """Nothing was kept."""

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:
        """Where coins are on their way already it is not canceled, but what becomes of them."""
        for invoice, remote in self._of_key(key) or self._of_id(remote_id):
            if remote.state is RemoteState.WAITING:
                with contextlib.suppress(Declined):  # settled at this very moment
                    self.line.post(f"/invoices/{invoice['id']}/status", {"status": "Invalid"})
        now = self.fetch(key=key, remote_id=remote_id)
        if now and now.state is RemoteState.WAITING:
            raise Unreachable("could not be called off")
        return now

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        """A promise that whoever opens its page can claim. Looks first: BTCPay knows no keys."""
        if known := self.find_refund(key=key, remote_id=remote_id):
            return known
        words = {
            "name": key,
            "refundVariant": "Custom",
            "customAmount": f"{money.major:f}",
            "customCurrency": money.currency,
        }
        return account.promise_of(self.line.post(f"/invoices/{remote_id}/refund", words))

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:  # noqa: ARG002
        found = [promise for promise in self._promises() if promise["name"] == key]
        return account.promise_of(found[0]) if found else None

    def claim_page(self, refund_id: str) -> str:
        """Where the giver says to which address a refund shall go."""
        return f"{self.page_origin}/pull-payments/{refund_id}"

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:  # noqa: ARG002
        """Old ones too: a redelivery is signed anew, and all we do is look."""
        good = "sha256=" + hmac.new(self._hook_secret, body, hashlib.sha256).hexdigest()
        given = headers.get("BTCPay-Sig", "").encode(errors="replace")
        if not hmac.compare_digest(good.encode(), given):
            raise Forged("not signed by BTCPay")
        words = json.loads(body)
        event_id = words.get("originalDeliveryId") or words["deliveryId"]
        about = words.get("invoiceId") or event_id  # of payouts and the like: nothing of ours
        return Notice(event_id=event_id, kind=words["type"][:60], object_id=about[:80])

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        """What came in, and refunds that were claimed and paid, oldest first. Raises Unreachable.

        Coins count when they are certain, on the day they were first seen: a day that is asked
        about again later may have more.
        """
        invoices = self._invoices(
            startDate=int((since - LATEST).timestamp()), endDate=int(until.timestamp())
        )
        mine = [invoice for invoice in invoices if answers.key_of(invoice)]
        lines = account.lines_of(mine, self._promises(), self._payouts())
        return iter([line for line in lines if since <= line.at < until])

    def _make(self, order: Order, page: Page) -> Remote:
        invoice = self.line.post(f"/stores/{self.store}/invoices", _asked(order, page))
        remote = self._read(invoice, [])
        if remote.money != order.money:
            self.cancel(key=order.key, remote_id=remote.id)
            raise Declined("amount_not_possible", is_hard=False)
        return remote

    def _of_key(self, key: str) -> list[tuple[Answer, Remote]]:
        """Its invoices: that for which coins came first, then the oldest."""
        found = self._invoices(orderId=key) if key else []
        mine = [each for each in found if answers.key_of(each) == key]
        read = [(each, self._read(each, each["paymentMethods"])) for each in mine]
        return sorted(
            read,
            key=lambda one: (RANKS.index(one[1].state), int(one[0]["createdTime"]), one[1].id),
        )

    def _of_id(self, invoice_id: str) -> list[tuple[Answer, Remote]]:
        if not invoice_id.isalnum():  # what is no id is no path either
            return []
        invoice = self.line.get(f"/invoices/{invoice_id}")
        if not invoice or invoice["storeId"] != self.store or not answers.key_of(invoice):
            return []
        ways = self.line.get(f"/invoices/{invoice_id}/payment-methods")
        return [(invoice, self._read(invoice, ways or []))]

    def _read(self, invoice: Answer, ways: list[Answer]) -> Remote:
        url = f"{self.page_origin}/i/{invoice['id']}"
        return answers.of_invoice(invoice, ways, url=url, now=self._clock())

    def _invoices(self, **query: Any) -> list[Answer]:
        found: list[Answer] = []
        while True:
            some = self.line.get(
                f"/stores/{self.store}/invoices",
                **query,
                includePaymentMethods="true",
                skip=len(found),
                take=AT_ONCE,
            )
            found += some or []
            if len(some or []) < AT_ONCE:
                return found

    def _promises(self) -> list[Answer]:
        return self.line.get(f"/stores/{self.store}/pull-payments", includeArchived="true") or []

    def _payouts(self) -> list[Answer]:
        return self.line.get(f"/stores/{self.store}/payouts", includeCancelled="false") or []


def _asked(order: Order, page: Page) -> dict[str, Any]:
    """All that the server learns from us."""
    checkout: dict[str, Any] = {
        "speedPolicy": "MediumSpeed",  # certain after one block
        "expirationMinutes": EXPIRES_MINUTES,
        "monitoringMinutes": WATCHED_MINUTES,
        "paymentTolerance": 0,
        "redirectURL": page.return_url,
        "redirectAutomatically": False,
    }
    language = page.language.partition("-")[0]
    if language in LANGUAGES.split():
        checkout["defaultLanguage"] = language
    return {
        "amount": f"{order.money.major:f}",
        "currency": order.money.currency,
        "metadata": {"orderId": order.key},
        "checkout": checkout,
        "receipt": {"enabled": False},  # a page with the payments on it, for whoever has the link
    }
