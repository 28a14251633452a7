"""What pages are made by, which is no row of the database: our own code, templates, settings."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings

from tamizdat.editions import rows
from tamizdat.editions.models import Change, Software
from tamizdat.editions.watching import EVERYTHING

_PACKAGE = Path(__file__).parents[1]
_KINDS = {".py", ".html", ".css", ".js", ".mo", ".svg"}
_SETTINGS = (
    "SITE_ADDRESS",
    "GIVE_ADDRESS",
    "DEMO_BANK_ADDRESS",
    "LANGUAGES",
    "LANGUAGE_CODE",
    "TIME_ZONE",
)
_set_up: list[Callable[[], object]] = []


def watch(what: Callable[[], object]) -> None:
    """Have everything baked anew, too, when the settings make `what` return something else."""
    if what not in _set_up:
        _set_up.append(what)


def notice() -> None:
    """Have everything baked anew if this release, or its settings, made no page yet."""
    now = f"{_digest_of_code()}{_digest_of_settings()}"
    if not Software.objects.filter(digest=now).exists():
        Software.objects.all().delete()
        Software.objects.create(digest=now)
        rows.insert(Change, ("token",), [(EVERYTHING,)])


@cache
def _digest_of_code() -> str:
    digest = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*")):
        if file.suffix in _KINDS:
            digest.update(f"{file.relative_to(_PACKAGE)} ".encode() + file.read_bytes())
    return digest.hexdigest()[:32]


def _digest_of_settings() -> str:
    words = repr([getattr(settings, name) for name in _SETTINGS] + [what() for what in _set_up])
    return hashlib.sha256(words.encode()).hexdigest()[:32]
