"""Telling a cache between us and readers what changed: exactly that, by Wagtail's own backends."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import PurgeBatch

from tamizdat.editions import live, redirecting
from tamizdat.editions.manifest import Change

PURGED = "purged"  # beside the tree: the manifest that the cache was told of last
_BACKENDS = "wagtail.contrib.frontend_cache.backends"


def backends() -> dict[str, dict[str, Any]]:
    """Wagtail's setting for the one cache that is configured; nothing if none is."""
    kinds: dict[str, dict[str, Any]] = {
        "none": {},
        "cloudflare": {
            "BACKEND": f"{_BACKENDS}.CloudflareBackend",
            "ZONEID": settings.CDN_ID,
            "BEARER_TOKEN": settings.CDN_TOKEN,
        },
        "cloudfront": {
            "BACKEND": f"{_BACKENDS}.CloudfrontBackend",
            "DISTRIBUTION_ID": settings.CDN_ID,
        },
        "http": {"BACKEND": f"{_BACKENDS}.HTTPBackend", "LOCATION": settings.CDN_ADDRESS},
    }
    cache = kinds[settings.CDN_KIND]
    return {"cdn": cache} if cache else {}


def purge() -> int:
    """Purge what changed since the last time; how many addresses.

    The first time nothing is purged: what a cache holds, it holds for a minute.
    """
    here, known = live.site(), backends()
    root = here.root()
    if not known or root is None:
        return 0
    file = here.tree.beside(PURGED)
    addresses: set[str] = set()
    with contextlib.suppress(FileNotFoundError):  # the first time, or so long ago that it is pruned
        addresses.update(addresses_of(here.manifest.diff(file.read_text(), root)))
    if addresses:
        PurgeBatch(addresses).purge(known)
    if not file.exists() or file.read_text() != root:
        here.tree.put_beside(PURGED, root.encode())
    return len(addresses)


def addresses_of(changes: Iterable[Change]) -> Iterator[str]:
    """Every address under which a cache may hold what changed: both forms of a folder's."""
    for change in changes:
        address = redirecting.address_of(change.path)
        yield f"{settings.SITE_ADDRESS}{address}"
        if change.path.endswith("index.html"):
            yield f"{settings.SITE_ADDRESS}{address.rstrip('/')}/"
