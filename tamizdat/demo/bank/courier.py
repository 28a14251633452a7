"""Webhooks: signed, sent from a thread of their own, and sent again until they are heard."""

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable

import httpx

from tamizdat.demo.bank.bank import Bank

logger = logging.getLogger(__name__)


class Courier:
    def __init__(
        self, bank: Bank, *, client: httpx.Client, url: str, secret: str, clock: Callable[[], float]
    ) -> None:
        self._bank, self._client, self._url = bank, client, url
        self._secret, self._clock = secret.encode(), clock

    def deliver(self) -> int:
        """Send what is due once. How many were heard."""
        notices = self._bank.due_notices()
        return sum(self._send(n["id"], n["kind"], n["payment"]) for n in notices)

    def ride(self, *, every: float = 0.3) -> None:
        """Deliver for ever, in the background."""
        threading.Thread(target=self._ride, args=(every,), name="courier", daemon=True).start()

    def _ride(self, every: float) -> None:
        while True:
            try:
                self.deliver()
            except Exception:
                logger.exception("The courier fell, and rides on")
            threading.Event().wait(every)

    def _send(self, notice_id: str, kind: str, payment_id: str) -> bool:
        body = json.dumps({"id": notice_id, "type": kind, "object": payment_id}).encode()
        try:
            answer = self._client.post(self._url, content=body, headers=self._headers(body))
        except httpx.TransportError:
            was_heard = False
        else:
            was_heard = answer.is_success
        (self._bank.mark_heard if was_heard else self._bank.mark_unheard)(notice_id)
        return was_heard

    def _headers(self, body: bytes) -> dict[str, str]:
        at = str(int(self._clock()))
        seal = hmac.new(self._secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "Bank-Signature": f"t={at},v1={seal}"}
