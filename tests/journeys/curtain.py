"""A network that lets a connection bring so many bytes to the reader, and then no more.

Some networks do this to whole countries' hosts: after about 16 KiB nothing comes, or the
connection is reset. The greeting under TLS and the headers take up to 6 of them.
"""

import contextlib
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

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error."""


class _Connection(socketserver.BaseRequestHandler):
    server: Curtain

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.behind)) as site:
            asking = threading.Thread(target=_pour, args=(self.request, site), daemon=True)
            asking.start()
            self._answer(site)
            site.shutdown(socket.SHUT_RDWR)

    def _answer(self, site: socket.socket) -> None:
        brought = 0
        while data := site.recv(LEFT_FOR_AN_ANSWER - brought):
            self.request.sendall(data)
            brought += len(data)
            if brought == LEFT_FOR_AN_ANSWER:
                self._cut()
                break
        self.server.brought.append(brought)

    def _cut(self) -> None:
        if self.server.end == "hang":
            self.server.is_over.wait()
        else:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.request.close()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def curtain(port: int, *, end: str) -> Iterator[Curtain]:
    with Curtain(port, end=end) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
