"""A network that lets a connection bring so many bytes to the reader, and then no more.

Some networks do this to whole countries' hosts: after about 16 KiB nothing comes, or the
connection is reset. The greeting under TLS and the headers take up to 6 of them.
"""

import contextlib
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import Any

LEFT_FOR_AN_ANSWER = 10 * 1024
RESET = struct.pack("ii", 1, 0)  # linger for no time: whoever closes so, resets


class Curtain(socketserver.ThreadingTCPServer):
    """In front of what listens at `port`. `brought` has the bytes that each connection brought."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, *, end: str) -> None:
        self.behind = port
        self.end = end  # hang or reset
        self.is_over = threading.Event()
        self.brought: list[int] = []
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_address[1]}"

    def shutdown_request(self, request: Any) -> None:
        # Not its usual polite goodbye: that would not be a reset.
        request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error."""


class _Connection(socketserver.BaseRequestHandler):
    server: Curtain

    def handle(self) -> None:
        self.brought = 0
        site = socket.create_connection(("127.0.0.1", self.server.behind))
        with site, contextlib.suppress(ConnectionError):
            while self._carry(site):
                pass
        self.server.brought.append(self.brought)

    def _carry(self, site: socket.socket) -> bool:
        """Carry one piece, whoever has one. False when that was the last."""
        left = LEFT_FOR_AN_ANSWER - self.brought
        ready, _, _ = select.select([self.request, site], [], [])
        if self.request in ready:
            data = self.request.recv(65536)
            site.sendall(data)
        else:
            data = site.recv(left)
            self.request.sendall(data)
            self.brought += len(data)
            if self.brought == LEFT_FOR_AN_ANSWER:
                self._cut()
                return False
        return bool(data)

    def _cut(self) -> None:
        if self.server.end == "hang":
            self.server.is_over.wait()
        else:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.request.close()


@contextlib.contextmanager
def curtain(port: int, *, end: str) -> Iterator[Curtain]:
    with Curtain(port, end=end) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
