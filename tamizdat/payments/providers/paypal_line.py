"""The line to PayPal: JSON by httpx, a token that is renewed in time, its errors as ours.

Not by PayPal's SDK: of the calls that we make it has half, and brings a second HTTP client with
retries and a log of its own.
"""

import base64
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers import wire
from tamizdat.payments.providers.paypal_declines import reason_of

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
TIMEOUT_SECONDS = 12.0
RENEW_SECONDS = 120  # before a token ends
CERTAIN = (400, 404, 422)  # nothing was done; any other error says nothing of the money

Answer = dict[str, Any]


@dataclass(frozen=True)
class App:
    """What PayPal calls an app of ours."""

    client_id: str
    secret: str = field(repr=False)
    webhook_id: str  # of the endpoint that it tells
    address: str = LIVE
    brand: str = ""  # what its page calls us, in place of the name of our account


@dataclass(frozen=True)
class Reply:
    body: Answer
    is_repeated: bool = False  # how it stood when this key was first used


class Line:
    """Calls of one PayPal app."""

    def __init__(self, app: App, *, transport: httpx.BaseTransport | None, timeout: float) -> None:
        self._login = base64.b64encode(f"{app.client_id}:{app.secret}".encode()).decode()
        self._httpx = httpx.Client(
            base_url=app.address, timeout=timeout, transport=transport, trust_env=False
        )
        self._lock = threading.Lock()
        self._token, self._ends_at = "", 0.0

    def look(self, path: str, **params: str) -> Answer | None:
        """What is there; None when there is no such thing."""
        answer = self._call("GET", path, params=params)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return _body(answer)

    def ask(self, path: str, words: Any, *, key: str = "", verb: str = "POST") -> Reply:
        """Raises Declined when it is certain that nothing was done, Unreachable when it is not."""
        headers = {"Prefer": "return=representation"} if verb == "POST" else {}
        if key:
            headers["PayPal-Request-Id"] = key
        answer = self._call(verb, path, json=words, headers=headers)
        _heed_no(answer)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return Reply({})
        return Reply(_body(answer), is_repeated=answer.status_code == httpx.codes.OK)

    def delete(self, path: str) -> None:
        """Whether it was there or not. Raises Declined, Unreachable."""
        answer = self._call("DELETE", path)
        if answer.status_code not in (httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND):
            _heed_no(answer)
            raise Unreachable(f"PayPal answered {answer.status_code}")

    def open_file(self, url: str) -> bytes | None:
        """A file that is for everyone, so without our token; None when it is not there."""
        answer = wire.reach(self._httpx, "GET", url)
        if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Unreachable(f"PayPal answered {answer.status_code}")
        return answer.content if answer.status_code == httpx.codes.OK else None

    def close(self) -> None:
        self._httpx.close()

    def _call(self, verb: str, path: str, **words: Any) -> httpx.Response:
        headers = words.pop("headers", {})
        answer = self._send(verb, path, self._token_now(), headers=headers, **words)
        if answer.status_code == httpx.codes.UNAUTHORIZED:  # withdrawn before its time
            answer = self._send(verb, path, self._renewed(), headers=headers, **words)
        return answer

    def _send(self, verb: str, path: str, token: str, **words: Any) -> httpx.Response:
        headers = words.pop("headers") | {"Authorization": f"Bearer {token}"}
        return wire.reach(self._httpx, verb, path, headers=headers, **words)

    def _token_now(self) -> str:
        with self._lock:
            is_good = self._token and time.monotonic() < self._ends_at
        return self._token if is_good else self._renewed()

    def _renewed(self) -> str:
        with self._lock:
            answer = wire.reach(
                self._httpx,
                "POST",
                "/v1/oauth2/token",
                data={"grant_type": "client_credentials"},
                headers={"Authorization": f"Basic {self._login}"},
            )
            words = _body(answer)
            try:
                self._token, seconds = str(words["access_token"]), int(words["expires_in"])
            except (KeyError, TypeError, ValueError) as error:
                raise Unreachable("the answer makes no sense") from error
            self._ends_at = time.monotonic() + seconds - RENEW_SECONDS
            return self._token


def _heed_no(answer: httpx.Response) -> None:
    if answer.status_code in CERTAIN:
        reason, is_hard = reason_of(_words(answer))
        raise Declined(reason, is_hard=is_hard)


def _body(answer: httpx.Response) -> Answer:
    words = _words(answer)
    if not answer.is_success or not words:
        raise Unreachable(f"PayPal answered {answer.status_code}")
    return words


def _words(answer: httpx.Response) -> Answer:
    """The JSON of an answer; empty when it has none."""
    try:
        words = answer.json()
    except ValueError:
        return {}
    return words if isinstance(words, dict) else {}
