"""Our addresses and words for those who read them elsewhere: feeds, maps, search engines."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils.html import escape

# What XML cannot say at all; it comes with imported archives.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ADDRESS = re.compile(r'(\s(?:href|src|poster)=")/(?!/)')
_SOURCES = re.compile(r'(?<=\ssrcset=")[^"]+')


def url(path: str) -> str:
    """An address of ours with its host, in plain letters."""
    return settings.SITE_ADDRESS + quote(path, safe="/%:?=&#,")


def html(source: str, *, of: str) -> str:
    """The HTML of the page at `of`, its addresses with their host."""
    source = source.replace(' href="#', f' href="{escape(url(of))}#')
    source = _ADDRESS.sub(rf"\g<1>{settings.SITE_ADDRESS}/", source)
    return _SOURCES.sub(lambda found: _candidates(found[0]), source)


def speakable(text: str) -> str:
    """The text without the letters that no XML document may hold."""
    return _UNSPEAKABLE.sub("", text)


def moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def languages_of(
    language: str, address: str, same: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The languages of a page, its own first, and what suits all others; none if it has but one."""
    others = list(same)
    if not others:
        return []
    general = (dict(others) | {language: address}).get(settings.LANGUAGE_CODE, address)
    return [(language, address), *others, ("x-default", general)]


def _candidates(text: str) -> str:
    parts = (part.strip() for part in text.split(","))
    return ",".join(settings.SITE_ADDRESS + p if p.startswith("/") else p for p in parts)
