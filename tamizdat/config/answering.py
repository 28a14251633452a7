"""After every change at the desk: what it outdated is baked before the editor gets an answer."""

import logging
import time
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tamizdat.editions import baking
from tamizdat.editions.baking import Tally

logger = logging.getLogger(__name__)

_TOLD = 4  # pages named in the message
_LATER = "Saved. Readers will see it a little later: the worker bakes it."
_SAFE = ("GET", "HEAD", "OPTIONS")


class BakeWhatChanged:
    """Middleware of the desk, innermost: whatever the view changed is committed by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        if request.method not in _SAFE and request.path.startswith("/desk/"):
            self._bake(request, start)
        return response

    def _bake(self, request: HttpRequest, start: float) -> None:
        try:
            tally = baking.answer(now=timezone.now())
        except Exception:
            # What the editor did is saved whatever becomes of the baking; the worker goes on.
            logger.exception("what changed at the desk could not be baked at once")
            messages.warning(request, _LATER)
            return
        if tally.pages:
            messages.success(request, _told(tally, time.perf_counter() - start))
        elif tally.left:
            messages.info(request, _LATER)


def _told(tally: Tally, seconds: float) -> str:
    named = [f"/{path.removesuffix('index.html')} ({why})" for path, why in tally.named[:_TOLD]]
    more = f" and {tally.pages - len(named)} more" if tally.pages > len(named) else ""
    which = f": {', '.join(named)}{more}" if named else ""
    left = f" {tally.left} more are on their way." if tally.left else ""
    pages = "1 page" if tally.pages == 1 else f"{tally.pages} pages"
    return f"Live after {seconds:.1f} s; {pages}{which}.{left}"
