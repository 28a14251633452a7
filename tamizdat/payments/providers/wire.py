"""Asking a provider that speaks JSON over HTTP: what went wrong, in errors of ours."""

from typing import Any

import httpx

from tamizdat.payments.errors import Declined, Unreachable

ASK_AGAIN = (401, 403, 408, 429)  # says nothing of what became of the money


def ask(client: httpx.Client, verb: str, path: str, **words: Any) -> Any:
    """What it says; None when there is no such thing.

    Raises Declined where it will not, Unreachable where nobody knows.
    """
    answer = reach(client, verb, path, **words)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    if answer.is_client_error and answer.status_code not in ASK_AGAIN:
        raise Declined("refused_by_provider", is_hard=False)
    try:
        return answer.raise_for_status().json()
    except (httpx.HTTPStatusError, ValueError) as error:
        raise Unreachable(f"answered {answer.status_code}") from error


def reach(client: httpx.Client, verb: str, path: str, **words: Any) -> httpx.Response:
    """Whatever was answered. Raises Unreachable."""
    try:
        return client.request(verb, path, **words)
    except httpx.RequestError as error:  # refused, reset, timed out: all the same to us
        raise Unreachable(type(error).__name__) from error
