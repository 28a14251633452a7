"""A pretend provider over a socket, for as long as it is needed."""

import contextlib

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.running import running


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


@contextlib.contextmanager
def a_socket(app):
    """Its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    with running(server) as address:
        yield address
