"""From a page to its address and its bytes, as a reader without a name or a cookie gets them."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.query import PageQuerySet


class NotForEveryone(Exception):
    """The page answered something that only its one reader may get: a cookie, a token, an error."""


def public_pages() -> PageQuerySet:
    """Every page that anyone may read, the deepest first: no list is ahead of what it links to."""
    return Page.objects.live().public().filter(depth__gt=1).order_by("-depth", "path")


def path_of(page: Page) -> str | None:
    """Where `page` is in the tree, None for one outside our site: `ru/harbour/index.html`."""
    parts = page.get_url_parts()
    return path_of_address(parts[2]) if parts and parts[2] else None


def path_of_address(address: str) -> str:
    """`/ru/harbour/` → `ru/harbour/index.html`; `/old.html` stays a file of that name."""
    path = unquote(address).strip("/")
    if path.endswith((".html", ".htm")):
        return path
    return f"{path}/index.html".lstrip("/")


def render(page: Page) -> bytes:
    """The bytes of the specific `page`, the same whoever asks and whenever.

    Raises NotForEveryone, and whatever the page's own code raises.
    """
    address = page.get_url_parts()[2]
    # Publishing bakes inside an editor's request: their language and time zone stay out of it.
    with translation.override(page.locale.language_code), timezone.override(settings.TIME_ZONE):
        request = anonymous_request(unquote(address))
        response = page.serve(request)
        if hasattr(response, "render"):
            response.render()
    if response.status_code != 200 or response.cookies or "CSRF_COOKIE" in request.META:
        raise NotForEveryone(f"{address} answered {response.status_code} to nobody in particular")
    return bytes(response.content)


def anonymous_request(path: str) -> WSGIRequest:
    site = urlsplit(settings.SITE_ADDRESS)
    port = site.port or (443 if site.scheme == "https" else 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        # WSGI's way of carrying bytes in text:
        "PATH_INFO": path.encode().decode("latin-1"),
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(port),
        "HTTP_HOST": site.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }
    return WSGIRequest(environ)
