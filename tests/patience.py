"""Waiting for what another process does: asked again until it answers, never a fixed time."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TypeVar

GIVE_UP_AFTER_SECONDS = 300
_never = threading.Event()
T = TypeVar("T")


def _always() -> bool:
    return True


def until(look: Callable[[], T | None], *, what: str, alive: Callable[[], bool] = _always) -> T:
    """What `look` finds, once it finds something. Fails when nobody is `alive` to bring it."""
    deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        assert alive(), f"nobody is left who could bring {what}"
        _never.wait(0.05)
    return found


def page_at(address: str, *, alive: Callable[[], bool] = _always) -> str:
    """The page at `address`, once someone listens there."""

    def look() -> str | None:
        try:
            with urllib.request.urlopen(address) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            return None

    return until(look, what=address, alive=alive)
