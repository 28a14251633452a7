"""A baked tree behind the plainest of static servers, for journeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.running import running


class _Quiet(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, posted: list[bytes], **kwargs: Any) -> None:
        self.posted = posted
        super().__init__(*args, **kwargs)

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()


@contextmanager
def served(folder: Path, posted: list[bytes] | None = None) -> Iterator[str]:
    """The address under which the files of `folder` can be read meanwhile.

    What browsers post is appended to `posted`.
    """
    kept = [] if posted is None else posted
    handler = partial(_Quiet, directory=str(folder), posted=kept)
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address
