"""Recognising what is shown from elsewhere, without asking anyone."""

import re
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

_NAMES = (
    "youtube.com youtu.be youtube-nocookie.com vimeo.com dailymotion.com rutube.ru vk.com ok.ru "
    "twitter.com x.com facebook.com instagram.com t.me telegram.me tiktok.com soundcloud.com "
    "spotify.com ted.com reddit.com flickr.com slideshare.net mixcloud.com wordpress.tv "
    "videopress.com coub.com aparat.com kickstarter.com speakerdeck.com"
)
HOSTS = frozenset(_NAMES.split())
_is_valid = URLValidator(schemes=["http", "https"])


def host_of(address: str) -> str:
    """The host without www, or an empty string for what is no address."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").removeprefix("m.")


def is_embeddable(address: str) -> bool:
    """Would WordPress have shown this bare address as a player or a card?"""
    host = host_of(address)
    is_page = "/" in address.split("//", 1)[-1].rstrip("/")
    return is_page and any(host == known or host.endswith("." + known) for known in HOSTS)


def page_of(address: str) -> str:
    """The page of a video for the address of its player; an empty string if it is no address."""
    address = _valid(address)
    host = host_of(address)
    parts = urlsplit(address)
    if host in ("youtube.com", "youtube-nocookie.com"):
        if match := re.match(r"/(?:embed|v|shorts)/([\w-]+)", parts.path):
            return f"https://www.youtube.com/watch?v={match[1]}"
    elif host == "player.vimeo.com" and (match := re.match(r"/video/(\d+)", parts.path)):
        return f"https://vimeo.com/{match[1]}"
    elif host == "facebook.com" and parts.path.startswith("/plugins/"):
        return _valid(parse_qs(parts.query).get("href", [address])[0])
    return address


def _valid(address: str) -> str:
    """The address with http or https and a host; an empty string for any other."""
    address = address.strip()
    address = f"https:{address}" if address.startswith("//") else address
    try:
        _is_valid(address)
    except ValidationError:
        return ""
    return address
