"""The demo bank, as seen from the newsroom. Takes no real money."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from tamizdat.lib.money import Money
from tamizdat.lib.months import end_of_month
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers import wire
from tamizdat.payments.providers.account import (
    AccountLine,
    DisputeState,
    Movement,
    RemoteDispute,
)
from tamizdat.payments.providers.base import (
    Kept,
    Notice,
    Order,
    Page,
    Remote,
    RemoteRefund,
    RemoteState,
)
from tamizdat.payments.providers.rates import Rate, Rates

TIMEOUT_SECONDS = 8.0
TOLERANCE_SECONDS = 300  # how old a signature may be
CURRENCIES = ("AMD", "AUD", "CAD", "CHF", "CZK", "EUR", "GBP", "GEL", "JPY", "KZT", "PLN", "USD")
SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class DemoBank:
    code = "demo-bank"
    methods: tuple[str, ...] = ("card", "wallet")
    hidden_methods: tuple[str, ...] = ()
    currencies = frozenset(CURRENCIES)
    rates: Rates = {currency: Rate(290, Money(30, currency)) for currency in CURRENCIES}
    learns_country = True
    keeps_instruments = True
    is_push = False
    told_within = timedelta(days=1)

    def __init__(
        self,
        address: str,
        secret: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.page_origin = address
        self._secret = secret.encode()
        self._client = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=timeout,
            transport=transport,
            trust_env=False,
        )

    def open(self, order: Order, page: Page) -> Remote:
        words = {
            "page": {
                "return_url": page.return_url,
                "language": page.language,
                "keep": page.keep_instrument,
            }
        }
        return _remote(self._ask("/v1/payments", _money(order) | words, key=order.key))

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        answer = self._send("GET", "/v1/payments", params={"id": remote_id, "key": key})
        return None if answer is None else _remote(answer)

    def confirm(self, remote: Remote) -> Remote:
        return _remote(self._ask(f"/v1/payments/{remote.id}/confirm", {}, key=remote.key))

    def charge_saved(self, order: Order, *, token: str) -> Remote:
        words = _money(order) | {"token": token}
        return _remote(self._ask("/v1/charges", words, key=order.key))

    def kept(self, token: str) -> Kept:
        answer = self._send("GET", "/v1/tokens", params={"token": token})
        if answer is None:
            raise Declined("unknown_token", is_hard=True)
        return Kept(str(answer["country"]))

    def forget(self, token: str) -> None:
        self._send("DELETE", "/v1/tokens", params={"token": token})

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:  # noqa: ARG002
        answer = self._send("POST", "/v1/cancellations", json={}, key=key)
        return None if answer is None else _remote(answer)

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        words = {"payment": remote_id, "amount": money.minor}
        return _refund(self._ask("/v1/refunds", words, key=key))

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        answer = self._send("GET", "/v1/refunds", params={"key": key, "payment": remote_id})
        return None if answer is None else _refund(answer)

    def account_lines(self, *, since: datetime, until: datetime) -> Iterator[AccountLine]:
        span = {"since": since.timestamp(), "until": until.timestamp()}
        answer = self._send("GET", "/v1/account", params=span) or {}
        try:
            yield from [_line(words) for words in answer["lines"]]
        except (KeyError, TypeError, ValueError) as error:
            raise Unreachable("the answer makes no sense") from error

    def keep(self, remote: Remote) -> Remote:
        """Its token is told as soon as the reader has named a card."""
        if not remote.token:
            raise Declined("nothing_to_keep", is_hard=False)
        return remote

    def expiry_of(self, token: str) -> date | None:
        answer = self._send("GET", "/v1/tokens", params={"token": token})
        if answer is None:
            return None
        try:
            return end_of_month(date.fromisoformat(f"{answer['last_month']}-01"))
        except (KeyError, ValueError) as error:
            raise Unreachable("the answer makes no sense") from error

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        match = SIGNATURE.fullmatch(headers.get("Bank-Signature", ""))
        if not match:
            raise Forged("no signature")
        at, signature = match.groups()
        good = hmac.new(self._secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(good, signature):
            raise Forged("not signed by the bank")
        if abs(now.timestamp() - int(at)) > TOLERANCE_SECONDS:
            raise Forged("signed too long ago")
        words = json.loads(body)
        return Notice(event_id=words["id"], kind=words["type"], object_id=words["object"])

    def _ask(self, path: str, words: dict[str, Any], *, key: str) -> dict[str, Any]:
        answer = self._send("POST", path, json=words, key=key)
        if answer is None:
            raise Declined("unknown_to_provider", is_hard=False)
        return answer

    def _send(self, verb: str, path: str, *, key: str = "", **words: Any) -> dict[str, Any] | None:
        """The answer; None when there is no such thing."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = wire.ask(self._client, verb, path, headers=headers, **words)
        if answer is not None and not isinstance(answer, dict):
            raise Unreachable("the answer makes no sense")
        return answer


def _money(order: Order) -> dict[str, Any]:
    return {"amount": order.money.minor, "currency": order.money.currency}


def _refund(words: dict[str, Any]) -> RemoteRefund:
    if words["has_failed"]:
        raise Declined("refund_failed", is_hard=False)
    return RemoteRefund(words["id"], Money(words["amount"], words["currency"]))


def _remote(words: dict[str, Any]) -> Remote:
    try:
        return Remote(
            id=words["id"],
            key=words["key"],
            state=RemoteState(words["state"]),
            money=Money(words["amount"], words["currency"]),
            fee=Money(words["fee"], words["currency"]),
            url=words["url"],
            token=words["token"],
            issuer_country=words["country"],
            reason=words["reason"],
            is_hard=words["is_hard"],
            refunds=tuple(_part(words, each) for each in words["refunds"]),
            disputes=tuple(_dispute(words, each) for each in words["disputes"]),
            card=words["card"],
            risk=words["risk"],
        )
    except (KeyError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error


def _part(payment: dict[str, Any], refund: dict[str, Any]) -> RemoteRefund:
    money = Money(refund["amount"], payment["currency"])
    return RemoteRefund(refund["id"], money, has_failed=bool(refund["has_failed"]))


def _dispute(payment: dict[str, Any], dispute: dict[str, Any]) -> RemoteDispute:
    return RemoteDispute(
        id=dispute["id"],
        state=DisputeState(dispute["state"]),
        money=Money(dispute["amount"], payment["currency"]),
        fee=Money(dispute["fee"], payment["currency"]),
        reason=dispute["reason"],
    )


def _line(words: dict[str, Any]) -> AccountLine:
    return AccountLine(
        id=words["id"],
        movement=Movement(words["movement"]),
        at=datetime.fromtimestamp(words["at"], tz=UTC),
        gross=Money(words["gross"], words["currency"]),
        fee=Money(words["fee"], words["currency"]),
        payment_id=words["payment"],
        object_id=words["object"],
    )
