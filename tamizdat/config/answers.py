"""What every answer carries and which addresses are whose, said once.

`tamizdat serve` reads it, and so do the configurations that it prints for nginx and Caddy.
There is no Django in here, so that the site zone runs none.
"""

from whitenoise.media_types import MediaTypes  # type: ignore[import-untyped]

from tamizdat.lib.caching import (
    A_MINUTE,
    FOREVER,
    IMMUTABLE,
    OPEN_TO_ALL_ORIGINS,
    cache_control,
)

ASK_AGAIN = "no-cache"  # a page that is missing may be there the next moment
NEVER = "no-store"

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), usb=()",
}
NOT_FRAMED = ("Content-Security-Policy", "frame-ancestors 'none'")
A_YEAR_OF_HTTPS = ("Strict-Transport-Security", "max-age=31536000")
DESK = "/desk/"
# Some networks cut a connection after 16 kilobytes. So each answer to a reader has one of its own:
# else a picture uses it up, and what is cut is the next page. The desk may keep its connections.
KEPT_CONNECTIONS = (DESK, "/static/")

# The first word of an address, after its language, that a program answers and not a file.
GIVE_NAMES = frozenset(
    ["checkout", "confirm", "count", "hooks", "manage", "newsletter", "remind", "thanks"]
)
FORM_NAMES = GIVE_NAMES - {"count", "hooks"}  # where readers, not programs, send something
DESK_NAMES = frozenset(["desk", "documents", "media", "static"])
NAMES = {
    "all": GIVE_NAMES | DESK_NAMES,
    "site": frozenset[str](),
    "give": GIVE_NAMES,
    "desk": DESK_NAMES,
}

# Those that the library behind `tamizdat serve` does not know.
OUR_TYPES = {".epub": "application/epub+zip", ".webmanifest": "application/manifest+json"}


__all__ = ["A_MINUTE", "FOREVER", "IMMUTABLE", "OPEN_TO_ALL_ORIGINS", "cache_control"]


def types() -> dict[str, str]:
    """`.html` → what such files are, with their charset."""
    known = MediaTypes(extra_types=OUR_TYPES).types_map
    return {name: _with_charset(kind) for name, kind in sorted(known.items()) if name[0] == "."}


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def reader_headers(*, https: bool) -> dict[str, str]:
    """Those of every answer but the desk's."""
    return SECURITY_HEADERS | dict([NOT_FRAMED, *([A_YEAR_OF_HTTPS] if https else [])])
