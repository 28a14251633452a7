"""Addresses that belong to the software, so that no page or redirect may take them."""

import re

from django.conf import settings

RESERVED_SLUGS = frozenset(
    [
        "assets",
        "checkout",
        "confirm",
        "corrections",
        "desk",
        "documents",
        "give",
        "hooks",
        "letterbox",
        "manage",
        "media",
        "newsletter",
        "pagefind",
        "remind",
        "search",
        "static",
        "thanks",
    ]
)


def file_of(address: str) -> str:
    """`/ru/harbour/` → `ru/harbour/index.html`; `/old.html` stays a file of that name."""
    path = address.strip("/")
    if path.endswith((".html", ".htm")):
        return path
    return f"{path}/index.html".lstrip("/")


def is_reserved(path: str) -> bool:
    """Is `path` the software's own, with a language before it or without?"""
    first, *rest = re.split(r"/+|[?;]", path.lstrip("/"), maxsplit=2)
    languages = {code.lower() for code, _name in settings.LANGUAGES}
    name = rest[0] if rest and first.lower() in languages else first
    return name.lower() in RESERVED_SLUGS
