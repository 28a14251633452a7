"""The demo bank, as seen from the newsroom. Takes no real money."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, Forged, Unreachable
from tamizdat.payments.providers.base import (
    Notice,
    Order,
    Page,
    Remote,
    RemoteRefund,
    RemoteState,
)

TIMEOUT_SECONDS = 8.0
TOLERANCE_SECONDS = 300  # how old a signature may be
ASK_AGAIN = (401, 403, 408, 429)  # says nothing of what became of the money
CURRENCIES = ("AMD", "AUD", "CAD", "CHF", "CZK", "EUR", "GBP", "GEL", "JPY", "KZT", "PLN", "USD")
SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class DemoBank:
    code = "demo-bank"
    methods: tuple[str, ...] = ("card", "wallet")
    currencies = frozenset(CURRENCIES)

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

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:  # noqa: ARG002
        answer = self._send("POST", "/v1/cancellations", json={}, key=key)
        return None if answer is None else _remote(answer)

    def refund(self, *, key: str, remote_id: str, money: Money) -> RemoteRefund:
        words = {"payment": remote_id, "amount": money.minor}
        return _refund(self._ask("/v1/refunds", words, key=key))

    def find_refund(self, *, key: str, remote_id: str) -> RemoteRefund | None:
        answer = self._send("GET", "/v1/refunds", params={"key": key, "payment": remote_id})
        return None if answer is None else _refund(answer)

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
        try:
            answer = self._client.request(verb, path, headers=headers, **words)
        except httpx.RequestError as error:  # refused, reset, timed out: all the same to us
            raise Unreachable(type(error).__name__) from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.is_client_error and answer.status_code not in ASK_AGAIN:
            raise Declined("refused_by_provider", is_hard=False)
        try:
            return dict(answer.raise_for_status().json())
        except (httpx.HTTPStatusError, ValueError) as error:
            raise Unreachable(f"answered {answer.status_code}") from error


def _money(order: Order) -> dict[str, Any]:
    return {"amount": order.money.minor, "currency": order.money.currency}


def _refund(words: dict[str, Any]) -> RemoteRefund:
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
        )
    except (KeyError, ValueError) as error:
        raise Unreachable("the answer makes no sense") from error
