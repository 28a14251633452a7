"""Ports that nobody listens at, for the servers of a test."""

import secrets
import socket

# Below those that a system lends to outgoing calls (from 32768 on Linux): a port from there may be
# taken by anybody's next call, such as that of a test which asks whether its server is up.
FROM, TO = 20_000, 32_000


def free_port() -> int:
    return _first_of(1)


def two_free_ports() -> int:
    """The first of two neighbours: the demo's bank takes the next one."""
    return _first_of(2)


def _first_of(count: int) -> int:
    while True:
        first = FROM + secrets.randbelow(TO - FROM)
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
