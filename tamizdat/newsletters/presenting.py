"""How an issue is shown before it goes: composing says, so that a preview is the mail itself."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

HTML, TEXT = "html", "text"
Present = Callable[[Any, str], HttpResponse]
_presenters: list[Present] = []


def present_with(presenter: Present) -> Present:
    """Register the one who shows issues. Usable as a decorator."""
    _presenters[:] = [presenter]
    return presenter


def present(issue: Any, mode: str) -> HttpResponse:
    """The mail in one of the two modes, as a subscriber would get it."""
    return _presenters[0](issue, mode)
