"""Stripe, as far as both sides of `make bench-fund` ask it, from memory and at once.

python -m tests.bench.fund.stripe_at_once PORT
"""

import asyncio
import json
import re
import sys
from typing import Any

NUMBERED = re.compile(rb"^GET /v1/payment_intents/pi_(\d+)")


def intent(number: int) -> dict[str, Any]:
    """A payment of 5 euros that succeeded, as both sides can read it."""
    moved = {
        "id": f"txn_{number}",
        "object": "balance_transaction",
        "amount": 500,
        "fee": 45,
        "currency": "eur",
    }
    charge = {"id": f"ch_{number}", "object": "charge", "balance_transaction": moved}
    return {
        "id": f"pi_{number}",
        "object": "payment_intent",
        "amount": 500,
        "amount_capturable": 0,
        "amount_received": 500,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": 1_790_000_000,
        "currency": "eur",
        "customer": None,
        "payment_method": {"id": "pm_1", "object": "payment_method", "card": {"country": "EE"}},
        "payment_method_types": ["card"],
        "metadata": {"key": f"bench-{number}-1", "card": "kept"},
        "status": "succeeded",
        "livemode": False,
        "last_payment_error": None,
        "cancellation_reason": None,
        "latest_charge": charge,
    }


def plain(number: int) -> dict[str, Any]:
    """The same with nothing expanded and nothing to follow: the least that dj-stripe must keep."""
    return intent(number) | {"payment_method": None, "latest_charge": None}


ACCOUNT = {"id": "acct_1", "object": "account", "type": "standard", "settings": {}, "metadata": {}}


def answer(head: bytes) -> bytes:
    if numbered := NUMBERED.match(head):
        is_expanded = b"expand" in head.partition(b" HTTP/")[0]
        body = (intent if is_expanded else plain)(int(numbered[1]))
    else:
        body = ACCOUNT
    text = json.dumps(body).encode()
    length = b"Content-Length: %d\r\n\r\n" % len(text)
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length + text


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Over one connection, until the other side has had enough. Nobody here sends a body."""
    try:
        while True:
            writer.write(answer(await reader.readuntil(b"\r\n\r\n")))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
