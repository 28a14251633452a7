"""How a page is shown: the theme says, so that the desk's preview is the very page readers get."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

Present = Callable[[Any, HttpRequest], HttpResponse]
_presenters: list[Present] = []


def present_with(presenter: Present) -> Present:
    """Register the one who shows pages. Usable as a decorator."""
    _presenters[:] = [presenter]
    return presenter


def present(page: Any, request: HttpRequest) -> HttpResponse:
    """The page as a reader would get it, drafts included."""
    return _presenters[0](page, request)
