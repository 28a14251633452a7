"""The line to a BTCPay server: its Greenfield API, and what it answers as our errors."""

from typing import Any

import httpx

from tamizdat.payments.errors import Declined
from tamizdat.payments.providers import wire

TIMEOUT_SECONDS = 20.0  # through Tor


class Line:
    """Calls to one store's server, through `proxy` if there is one, and no other."""

    def __init__(
        self,
        address: str,
        key: str,
        *,
        proxy: str = "",
        transport: httpx.BaseTransport | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._client = httpx.Client(
            base_url=f"{address}/api/v1",
            headers={"Authorization": f"token {key}"},
            proxy=proxy or None,  # which resolves the name too: an onion is asked of no DNS
            timeout=timeout,
            transport=transport,
            trust_env=False,
        )

    def get(self, path: str, **query: Any) -> Any:
        """None when there is no such thing. Raises Unreachable, Declined."""
        return wire.ask(self._client, "GET", path, params=query)

    def post(self, path: str, words: dict[str, Any]) -> Any:
        """Raises Unreachable, Declined."""
        answer = wire.ask(self._client, "POST", path, json=words)
        if answer is None:
            raise Declined("unknown_to_provider", is_hard=False)
        return answer

    def close(self) -> None:
        self._client.close()
