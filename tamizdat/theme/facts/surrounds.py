"""What stands around a page, as HTML: alike on most pages of a language, so it is made once."""

from datetime import datetime
from typing import Any

from django.utils import translation

from tamizdat.appeals import placing
from tamizdat.appeals.models import Asking, Message
from tamizdat.editions.tracing import clock, fact, valid_until, watch
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.facts.pictures import picture
from tamizdat.theme.words import html

PATH = "\ue000"  # in an ask: where the address of the page goes
NOWHERE = "<section class=ask hidden></section>"  # where a browser may put one


@fact
def top(language: str, current: int, same: tuple[tuple[str, str], ...]) -> str:
    """The masthead. `current` is the section that the page is, 0 for any other page; `same` are
    the languages in which the page can be read too, with its addresses there."""
    return _rendered("theme/masthead.html", language, current=current, same=same)


@fact
def bottom(language: str) -> str:
    return _rendered("theme/footer.html", language)


@fact
def banner_html(language: str, is_sensitive: bool) -> str:
    """The slim line at the top; empty where no banner stands."""
    watch("message", "masthead")
    message = _in_page(Message.Placement.BANNER, language, is_sensitive)
    with translation.override(language):
        return html_of(message, place="banner") if message else ""


@fact
def ask_html(language: str, is_sensitive: bool) -> str:
    """The ask with `PATH` where the page's address goes; its empty place where no ask stands."""
    watch("message", "masthead", "amounts")
    message = _in_page(Message.Placement.ASK, language, is_sensitive)
    with translation.override(language):
        return (html_of(message, place="ask", path=PATH) if message else "") or NOWHERE


@fact
def giving_html(language: str) -> str:
    """The form of the page about giving: that of the ask, also where nothing is asked."""
    watch("message", "masthead", "amounts")
    message = _standing(Message.Placement.ASK, language)
    with translation.override(language):
        return html_of(message, path=PATH) if message else ""


@fact
def words_of(placement: str, language: str) -> dict[str, Any]:
    """What the message that stands there says; nothing where none does."""
    watch("message", "masthead")
    message = _standing(placement, language)
    return placing.words(message) if message else {}


def html_of(message: Message, *, place: str = "", path: str = "") -> str:
    """A message as it stands on a page, in the language that is active.

    A safety notice stands in two places, and looks different in each.
    """
    photo = picture(message.picture_id) if message.picture_id else None
    match message.placement:
        case Message.Placement.BANNER:
            return html("appeals/banner.html", placing.banner(message) | {"photo": photo})
        case Message.Placement.ASK:
            words = placing.ask(message)
            around = {"path": path, "photo": photo}
            return html("appeals/ask.html", words | around) if words else ""
        case Message.Placement.SAFETY:
            return html("appeals/safety.html", placing.banner(message) | {"place": place})
    return html("appeals/said.html", placing.words(message))


def _in_page(placement: str, language: str, is_sensitive: bool) -> Message | None:
    if Asking.ours().is_off:
        return None
    message = Message.objects.in_page(placement, language=language, now=_now())
    return message if message and (message.is_soft or not is_sensitive) else None


def _standing(placement: str, language: str) -> Message | None:
    return Message.objects.standing(placement, language=language, now=_now())


def _now() -> datetime:
    """The time of this pass; what asks for it changes when a message begins or ends."""
    now = clock()
    if change := Message.objects.next_change(now=now):
        valid_until(change)
    return now


def _rendered(template: str, language: str, **context: object) -> str:
    with translation.override(language):
        return html(template, {"paper": Paper(language), **context})
