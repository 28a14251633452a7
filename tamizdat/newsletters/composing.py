"""An issue as a mail: whole stories in HTML and in plain text, the same for every subscriber."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tamizdat.appeals import placing
from tamizdat.appeals.models import Asking, Message
from tamizdat.editions.tracing import Memory, tracing
from tamizdat.funding.addresses import absolute_address
from tamizdat.lib.dates import day_in_words
from tamizdat.newsletters import fitting
from tamizdat.newsletters.models import Issue
from tamizdat.newsletters.presenting import TEXT, present_with
from tamizdat.outlet import mailing
from tamizdat.outlet.models import Masthead
from tamizdat.theme import absolutes
from tamizdat.theme.dates import local_day
from tamizdat.theme.facts import bodies
from tamizdat.theme.facts.paper import Paper, places
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.stories import Whole, story
from tamizdat.theme.words import rendered

# Where a subscriber's own link goes, in what is otherwise alike for all.
LEAVE = "http://leave.invalid/"


class CannotGo(Exception):
    """The issue is not ready. Says in one sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story in a mail."""

    title: str
    address: str
    byline: str
    html: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What the mail says about support. A safety notice has no button, and leads nowhere."""

    headline: str
    text: str
    button: str = ""
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    intro: SafeString
    intro_text: str
    stories: list[Told]
    ask: Ask | None


@dataclass(frozen=True, slots=True)
class Written:
    """The two halves of the mail, with LEAVE where a subscriber's own link goes."""

    html: str
    text: str


def write(issue: Issue) -> Written:
    """The issue as the database has its stories now. Raises CannotGo."""
    wholes = _wholes(issue)
    if not wholes or None in wholes:
        raise CannotGo(
            "A story in it is not published." if wholes else "There is no story in it yet."
        )
    return _written(issue, [each for each in wholes if each])


@present_with
def preview(issue: Issue, mode: str) -> HttpResponse:
    """What is not published yet is left out: nobody would be sent it."""
    written = _written(issue, [each for each in _wholes(issue) if each])
    page = "<!doctype html><meta charset=utf-8><pre dir=auto style='white-space:pre-wrap'>{}</pre>"
    text = format_html(page, written.text.replace(LEAVE, _example()))
    return HttpResponse(text if mode == TEXT else written.html.replace(LEAVE, _example()))


def _written(issue: Issue, wholes: list[Whole]) -> Written:
    language = issue.language
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        words = {
            "composed": _composed(issue, wholes),
            "masthead": Masthead.objects.speaking(language),
            "subject": issue.subject,
            "leave_address": LEAVE,
        }
        return Written(
            html=render_to_string("newsletters/mail/issue.html", words),
            text=mailing.plain("newsletters/mail/issue.txt", words),
        )


def _wholes(issue: Issue) -> list[Whole | None]:
    picks = sorted(issue.picks.all(), key=lambda pick: pick.sort_order or 0)
    with tracing(Memory()):
        return story.of_many([pick.story_id for pick in picks])


def _composed(issue: Issue, wholes: list[Whole]) -> Composed:
    with tracing(Memory()):
        intro = fitting.for_mail(absolutes.html(bodies.rich(issue.intro), of="/"))
        stories = [_told(each, issue.language) for each in wholes]
    is_asking = issue.asks and not any(each.is_sensitive for each in wholes)
    return Composed(
        intro=mark_safe(intro),  # noqa: S308 cleaned by us
        intro_text=fitting.as_text(intro),
        stories=stories,
        ask=_ask(issue.language) if is_asking else None,
    )


def _told(whole: Whole, language: str) -> Told:
    context = {"page": whole, "section": place(whole.card.section), "paper": Paper(language)}
    html = rendered("stories/feed_entry.html", language, **context)
    fitted = fitting.for_mail(absolutes.html(html, of=whole.url))
    return Told(
        title=whole.title,
        address=absolutes.url(whole.url),
        byline=_byline(whole, language),
        html=mark_safe(fitted),  # noqa: S308 cleaned by us
        text=fitting.as_text(fitted),
    )


def _byline(whole: Whole, language: str) -> str:
    names = [author.title for author in places(whole.author_pks)]
    at = whole.published_at
    days = [day_in_words(local_day(at), language)] if at else []
    return " · ".join([*([", ".join(names)] if names else []), *days])


def _ask(language: str) -> Ask | None:
    asking = Asking.ours()
    if asking.is_off:
        return None
    return _safety(language) if asking.is_wary_in(language) else _gift(language)


def _safety(language: str) -> Ask | None:
    message = Message.objects.safety(language, now=timezone.now())
    words = placing.words(message) if message else {}
    return Ask(headline=words["headline"], text=words["text"]) if words else None


def _gift(language: str) -> Ask | None:
    message = _standing(Message.Placement.NEWSLETTER, language)
    message = message or _standing(Message.Placement.ASK, language)
    words = placing.ask(message) if message else {}
    if not words:
        return None
    gift = {"amount": words["proposed"], "currency": words["currency"]}
    # The message's key, the same for all: gifts are counted with it, and nobody who presses.
    query = urlencode(gift | {"interval": words["interval"], "appeal": words["key"]})
    buttons = {value: button for value, _label, button in words["amounts"]}
    return Ask(
        headline=words["headline"],
        text=words["text"],
        note=words["note"],
        button=buttons.get(words["proposed"], words["amounts"][0][2]),
        address=f"{absolute_address('funding:checkout')}?{query}",
    )


def _standing(placement: Message.Placement, language: str) -> Message | None:
    return Message.objects.standing(placement, language=language, now=timezone.now())


def _example() -> str:
    return absolute_address("newsletters:sign_up")
