"""A pretend provider over a socket, for as long as it is needed."""

import contextlib
import threading

from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


@contextlib.contextmanager
def a_socket(app):
    """Its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    at_once = {"poll_interval": 0.01}  # how soon it notices that it is over
    thread = threading.Thread(target=server.serve_forever, kwargs=at_once)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
