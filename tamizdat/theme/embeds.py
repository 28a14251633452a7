"""What may open inside a page when a reader presses it, and what stays a link.

A player is listed when it works in a sandbox without being told where the reader came from.
YouTube's does not (it answers "error 153"), so a video of theirs is a picture and a link.
"""

import re
from urllib.parse import urlsplit

_PLAYERS = (
    (r"https://(?:www\.)?vimeo\.com/(\d+)", r"https://player.vimeo.com/video/\1?dnt=1"),
    (r"https://archive\.org/details/([\w.-]+)", r"https://archive.org/embed/\1"),
    (r"https://t\.me/(\w+/\d+)", r"https://t.me/\1?embed=1"),
    # PeerTube, on whichever host it lives.
    (r"(https://[\w.-]+)/(?:w|videos/watch)/([\w-]{22,36})", r"\1/videos/embed/\2"),
)


def frame_address(address: str) -> str | None:
    """Where the player of the page at `address` lives; None if it must stay a link."""
    for page, player in _PLAYERS:
        if match := re.fullmatch(page, address.split("#")[0].rstrip("/")):
            return match.expand(player)
    return None


def host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")
