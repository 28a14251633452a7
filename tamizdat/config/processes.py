"""The processes that make up a running newsroom, as commands, and the port they listen at."""

import socket
import sys

THREADS = 4  # that run Python at once; SQLite lets one of them write
SECONDS_TO_STOP = 5


def server(host: str, port: int) -> list[str]:
    """Serves the zone that TAMIZDAT_ZONE names."""
    return [
        *[sys.executable, "-m", "granian", "--interface", "wsgi"],
        *["--host", host, "--port", str(port)],
        *["--workers", "1", "--blocking-threads", str(THREADS)],
        *["--workers-kill-timeout", str(SECONDS_TO_STOP)],
        *["--no-ws", "--no-access-log", "--log-level", "warning"],
        "tamizdat.config.wsgi:application",
    ]


def tamizdat(*words: str) -> list[str]:
    return [sys.executable, "-m", "tamizdat.config.command", *words]


def listen_once(host: str, port: int) -> None:
    """Raise OSError, or OverflowError, unless a server could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen()
