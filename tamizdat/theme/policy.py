"""What a reader's browser may load and where it may send a form."""

import base64
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from tamizdat.payments.providers import registry


def content_policy(
    *, style: str, takes_payment: bool = False, searches: bool = False, frames: Iterable[str] = ()
) -> str:
    """The policy of a page whose one style element holds `style`.

    A browser holds the redirect after a POST to `form-action` too, so a page that leads to a
    payment must name the payment's host. `frames` are origins that may be framed on request. What
    `searches` runs a program of ours that is no script.
    """
    give = [settings.GIVE_ADDRESS] if settings.GIVE_ADDRESS else []
    rules = {
        "default-src": ["'none'"],
        "style-src": [f"'sha256-{_digest(style)}'"],
        "img-src": ["'self'", "data:"],
        "script-src": ["'self'", *(["'wasm-unsafe-eval'"] if searches else [])],
        "connect-src": ["'self'", *give],
        "form-action": ["'self'", *give, *(payment_origins() if takes_payment else [])],
        "base-uri": ["'none'"],
        "frame-src": sorted(set(frames)),
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items() if sources)


def payment_origins() -> list[str]:
    """Where the pages live on which a reader pays."""
    return sorted({origin(provider.page_origin) for provider in registry.all_of_them()})


def origin(address: str) -> str:
    """`https://a.example/b?c` → `https://a.example`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache
def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
