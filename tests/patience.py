"""Waiting for what another process does: asked again until it answers, never a fixed time."""

import threading
import time
import urllib.error
import urllib.request

GIVE_UP_AFTER_SECONDS = 60
_never = threading.Event()


def page_at(address: str) -> str:
    """The page at `address`, once someone listens there. Raises OSError if nobody ever does."""
    deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address) as response:
                return str(response.read().decode())
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() > deadline:
                raise
        _never.wait(0.05)
