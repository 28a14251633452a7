"""What a reader's browser is told: files from the live tree, and headers on everything.

There is no Django in here, so that the site zone runs none.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise  # type: ignore[import-untyped]
from whitenoise.responders import MissingFileError  # type: ignore[import-untyped]
from whitenoise.string_utils import decode_path_info  # type: ignore[import-untyped]

from tamizdat.config import answers
from tamizdat.lib.caching import cache_control

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]

NOT_FOUND = b"Not found.\n"


class Files(WhiteNoise):
    """Files as they are now, whole; what is not there is for the application behind."""

    def __init__(self, application: Wsgi, root: Path, *, prefix: str = "") -> None:
        super().__init__(
            application,
            root,
            prefix,
            autorefresh=True,
            index_file=True,
            max_age=None,
            allow_all_origins=False,
            add_headers_function=_add_file_headers,
            mimetypes=answers.OUR_TYPES,
        )

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        path = _path(environ)
        # A bake may replace the file between our look at its size and our opening it: look again.
        for _ in range(3) if _is_public(path) else ():
            if not (found := self.find_file(path)):
                break
            try:
                response = found.get_response(environ["REQUEST_METHOD"], environ)
            except FileNotFoundError:
                continue
            if _is_whole(response):
                start_response(f"{response.status} {response.status.phrase}", response.headers)
                return _blocks(response.file)
            response.file.close()
        return self.application(environ, start_response)


class Redirects:
    """Answers addresses of the map with a real redirect, or that they are gone for good.

    Reads the map again when it changed.
    """

    def __init__(self, application: Wsgi, file: Path, *, gone: Wsgi) -> None:
        self.application = application
        self.file = file
        self.gone = gone
        self._moves: dict[str, tuple[int, str]] = {}
        self._read_at: int | None = None

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        self._refresh()
        path = _path(environ).rstrip("/") or "/"
        query = "&".join(sorted(environ.get("QUERY_STRING", "").split("&")))
        move = self._moves.get(f"{path}?{query}") or self._moves.get(path)
        if not move or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        status, address = move
        if status == HTTPStatus.GONE:
            return self.gone(environ, start_response)
        phrase = "301 Moved Permanently" if status == 301 else "302 Found"
        start_response(phrase, [("Location", address), ("Cache-Control", answers.A_MINUTE)])
        return []

    def _refresh(self) -> None:
        try:
            changed_at = self.file.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._moves = json.loads(self.file.read_bytes())
                self._read_at = changed_at
        except FileNotFoundError:
            self._moves = {}


class Doorway:
    """Lets `application` answer its own addresses, with a language before them or without."""

    def __init__(
        self,
        application: Wsgi,
        *,
        names: Collection[str],
        languages: Collection[str],
        otherwise: Wsgi,
    ) -> None:
        self.application = application
        self.names = names
        self.languages = languages
        self.otherwise = otherwise

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        first, _, rest = _path(environ).lstrip("/").partition("/")
        name = rest.partition("/")[0] if first in self.languages else first
        answer = self.application if name in self.names else self.otherwise
        return answer(environ, start_response)


class NotFound:
    """The baked 404 page of the address's language, else the one at the root."""

    def __init__(self, tree: Path, *, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        self.tree = tree
        self.status = f"{status} {status.phrase}"
        self.files = Files(_plain_not_found, tree)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        folder = _path(environ).lstrip("/").partition("/")[0]
        own = f"/{folder}/404.html" if _is_public(folder) and folder else "/404.html"
        asked = {
            "REQUEST_METHOD": "HEAD" if environ["REQUEST_METHOD"] == "HEAD" else "GET",
            "PATH_INFO": own if os.path.isfile(f"{self.tree}{own}") else "/404.html",
            "HTTP_ACCEPT_ENCODING": environ.get("HTTP_ACCEPT_ENCODING", ""),
        }

        def start(_status: str, headers: list[tuple[str, str]], *_: object) -> None:
            answered = Headers(list(headers))
            for name in ("ETag", "Last-Modified"):
                del answered[name]
            answered["Cache-Control"] = answers.ASK_AGAIN
            start_response(self.status, answered.items())

        return self.files(asked, start)


def guarded(application: Wsgi, *, https: bool) -> Wsgi:
    """Put our headers on every answer, and let no cookie out of the desk."""

    def answer(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        in_desk = _path(environ).startswith(answers.DESK)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answered = Headers(list(headers))
            for name, value in answers.SECURITY_HEADERS.items():
                answered[name] = value
            if https:
                answered.add_header(*answers.A_YEAR_OF_HTTPS)
            if not _path(environ).startswith(answers.KEPT_CONNECTIONS):
                answered["Connection"] = "close"
            if in_desk:  # without a referrer a browser hides the origin, and Django refuses forms
                answered["Referrer-Policy"] = "same-origin"
            else:
                answered.add_header(*answers.NOT_FRAMED)
                del answered["Set-Cookie"]
            if "Cache-Control" not in answered:
                answered["Cache-Control"] = answers.NEVER
            return start_response(status, answered.items(), *rest)

        return application(environ, start)

    return answer


def site(tree: Path, *, redirects: Path, https: bool, behind: Wsgi) -> Wsgi:
    """Redirects first: their stubs are files too. Then the tree, then what is behind it."""
    gone = NotFound(tree, status=HTTPStatus.GONE)
    return guarded(Redirects(Files(behind, tree), redirects, gone=gone), https=https)


def _path(environ: dict[str, Any]) -> str:
    return str(decode_path_info(environ.get("PATH_INFO", "")))


def _is_public(path: str) -> bool:
    hidden = (part.startswith(".") and part != ".well-known" for part in path.split("/"))
    return "\0" not in path and not any(hidden)


def _add_file_headers(headers: Headers, path: str, url: str) -> None:
    headers["Content-Type"] = str(headers["Content-Type"]).replace('"', "")
    headers["Cache-Control"] = cache_control(url)
    if url.startswith(answers.OPEN_TO_ALL_ORIGINS):
        headers["Access-Control-Allow-Origin"] = "*"
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise MissingFileError(path) from error
    # WhiteNoise's own tag counts whole seconds; an editor may publish twice in one.
    headers["ETag"] = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


def _is_whole(response: Any) -> bool:
    if response.file is None:
        return True
    headers = Headers(list(response.headers))
    announced = (headers["Content-Range"] or headers["Content-Length"] or "").rpartition("/")[2]
    file = getattr(response.file, "fileobj", response.file)
    return os.fstat(file.fileno()).st_size == int(announced)


def _blocks(file: Any) -> Iterable[bytes]:
    if file is None:
        return
    with file:
        while block := file.read(65536):
            yield block


def _plain_not_found(_environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
    return [NOT_FOUND]
