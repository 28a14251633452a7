"""Waiting for what another process does: asked again until it answers, never a fixed time."""

import math
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TypeVar

GIVE_UP_AFTER_SECONDS = 300
_never = threading.Event()
T = TypeVar("T")


def until(look: Callable[[], T | None], *, what: str, alive: Callable[[], bool] | None = None) -> T:
    """What `look` finds, once it finds something.

    Fails when nobody is `alive` to bring it, however long that takes on a busy machine; where
    nobody can tell, after a while.
    """
    deadline = math.inf if alive else time.monotonic() + GIVE_UP_AFTER_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        assert alive is None or alive(), f"nobody is left who could bring {what}"
        _never.wait(0.05)
    return found


def page_at(address: str, *, alive: Callable[[], bool] | None = None) -> str:
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
