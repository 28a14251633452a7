"""A server of a test, in a thread of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import TCPServer
from threading import Thread

NOTICES_S = 0.01  # how soon it notices that it is over


@contextmanager
def running(server: TCPServer) -> Iterator[str]:
    """Its address, which has no slash at the end, for as long as it is needed."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": NOTICES_S}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
