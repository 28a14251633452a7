"""Signed events of Stripe's, sent to a server by so many at once."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlsplit

import stripe

from tests.bench.fund.stripe_at_once import plain

SECRET = "whsec_of_a_benchmark"
API_VERSION = "2026-10-28.endive"
AT_ONCE = 16


def event(number: int) -> bytes:
    """That payment `number` succeeded."""
    words: dict[str, Any] = {
        "id": f"evt_{number}",
        "object": "event",
        "api_version": API_VERSION,
        "created": 1_790_000_000,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "payment_intent.succeeded",
        "data": {"object": plain(number)},
    }
    return json.dumps(words).encode()


def send(address: str, numbers: range) -> float:
    """How many seconds it took until the last was accepted. Fails unless all were."""
    url = urlsplit(address)
    requests = [_request(url.path, url.netloc, event(number)) for number in numbers]
    return asyncio.run(_send(str(url.hostname), int(url.port or 80), requests))


async def _send(host: str, port: int, requests: list[bytes]) -> float:
    queue, refused = iter(requests), list[bytes]()

    async def sender() -> None:
        for request in queue:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(request)
            status = (await reader.read()).partition(b"\r\n")[0]
            writer.close()
            if b" 20" not in status:
                refused.append(status)

    start = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    assert not refused, f"{len(refused)} of {len(requests)} were refused: {refused[:3]}"
    return time.perf_counter() - start


def _request(path: str, host: str, body: bytes) -> bytes:
    signature = stripe.WebhookSignature.generate_signature_header(
        body.decode(), SECRET, int(time.time())
    )
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Stripe-Signature: {signature}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
