"""The line to Stripe: its SDK over our HTTP client, and its errors as ours."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import stripe

from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.providers.stripe_declines import reason_of

# Left on, the SDK writes a number for this machine into the operator's home, and sends it and
# the system's name with each call.
stripe.enable_telemetry = False

API_VERSION = "2026-10-28.endive"
ADDRESS = "https://api.stripe.com"
TIMEOUT_SECONDS = 12.0


class Line(stripe.HTTPClient):
    """What the SDK sends, by httpx: a time limit on each call, no proxies from the environment."""

    name = "httpx"

    def __init__(self, *, transport: httpx.BaseTransport | None, timeout: float) -> None:
        super().__init__()
        self._httpx = httpx.Client(timeout=timeout, transport=transport, trust_env=False)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            answer = self._httpx.request(method, url, headers=headers, content=post_data)
        except httpx.RequestError as error:
            name = type(error).__name__
            raise stripe.APIConnectionError(name) from error  # type: ignore[no-untyped-call]
        return answer.text, answer.status_code, answer.headers

    def close(self) -> None:
        self._httpx.close()


def connect(key: str, line: Line, *, address: str) -> stripe.StripeClient:
    """No retries by the SDK: whoever asked asks again, and knows why."""
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": address},
        max_network_retries=0,
        http_client=line,
    )


@contextlib.contextmanager
def asking() -> Iterator[None]:
    """Stripe's errors as ours.

    Unreachable is whatever does not say for certain that nothing was done: no answer, 5xx, 429,
    409 (the same key is being answered), and 401 or 403, which are not about the money.
    """
    try:
        yield
    except stripe.CardError as error:
        reason, is_hard = reason_of(_error_in(error))
        raise Declined(reason, is_hard=is_hard) from error
    except stripe.IdempotencyError as error:
        raise Declined("key_reused", is_hard=False) from error
    except stripe.InvalidRequestError as error:
        is_unknown = error.http_status == httpx.codes.NOT_FOUND or error.code == "resource_missing"
        reason = "unknown_to_provider" if is_unknown else "refused_by_provider"
        raise Declined(reason, is_hard=False) from error
    except stripe.StripeError as error:
        raise Unreachable(_in_a_word(error)) from error


def _error_in(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    words = body.get("error") if isinstance(body, dict) else None
    return words if isinstance(words, dict) else {}


def _in_a_word(error: stripe.StripeError) -> str:
    """Without the sentence, which may quote what was sent."""
    status = f" {error.http_status}" if error.http_status else ""
    return f"{type(error).__name__}{status}" if status else str(error.user_message or error)[:60]
