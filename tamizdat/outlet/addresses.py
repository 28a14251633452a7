"""Addresses that belong to the software, so that no page or redirect may take them."""

import re

from django.conf import settings

RESERVED_SLUGS = frozenset(
    [
        "assets",
        "checkout",
        "confirm",
        "corrections",
        "count",
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
WELL_KNOWN = ".well-known"  # the signature of the site is in there

# Programs of other systems, in the middle of addresses too: `/index.php/2012/05/name/`.
PROGRAMS = (".asp", ".aspx", ".cgi", ".jsp", ".php", ".phtml", ".shtml")


def is_file_name(name: str) -> bool:
    """Whether a file may be called so, and no folder.

    Wherever a redirect may stand, our files have a dot in their names, our folders have none, and
    nothing of ours is called like a program. So no address needs to look at another.
    """
    return "." in name and not name.lower().endswith(PROGRAMS)


def file_of(address: str) -> str:
    """`/ru/harbour/` → `ru/harbour/index.html`; `/old.html` stays a file of that name."""
    path = address.strip("/")
    if is_file_name(path.rpartition("/")[2]):
        return path
    return f"{path}/index.html".lstrip("/")


def is_reserved(path: str) -> bool:
    """Is `path` the software's own, with a language before it or without?"""
    first, *rest = re.split(r"/+|[?;]", path.lstrip("/"), maxsplit=2)
    name = rest[0] if rest and first.lower() in languages() else first
    return name.lower() in RESERVED_SLUGS | {WELL_KNOWN}


def languages() -> set[str]:
    """What the addresses of a language begin with, the first language's too."""
    return {code.lower() for code, _name in settings.LANGUAGES}
