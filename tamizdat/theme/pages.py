"""From the primary key of a page to its bytes: what each kind shows, in which template."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from wagtail.models import Page

from tamizdat.editions.targets import Begets, Born, Encloses, File, Product, target
from tamizdat.editions.tracing import Key, Memory, tracing
from tamizdat.outlet.addresses import file_of
from tamizdat.theme import cards
from tamizdat.theme.enclosures import enclosed_in
from tamizdat.theme.facts import lists
from tamizdat.theme.facts.bodies import pages_linked_in
from tamizdat.theme.facts.paper import Paper, places
from tamizdat.theme.facts.places import Place, place
from tamizdat.theme.facts.sheets import Sheet, sheet
from tamizdat.theme.facts.stories import Whole, card, read_more, story
from tamizdat.theme.feeds import FORMATS
from tamizdat.theme.words import rendered

Context = dict[str, Any]


def _everyone() -> Iterable[int]:
    """The newest stories first: of a long bake, readers see those first."""
    live = Page.objects.live().filter(depth__gt=1).order_by("-first_published_at", "-pk")
    return live.values_list("pk", flat=True).iterator()


def _prime(keys: Sequence[Key], memory: Memory) -> None:
    pks = [pk for _name, pk in keys]
    story.prime(pks, memory)
    place.prime(pages_linked_in(filter(None, (memory.rows.get((story, pk)) for pk in pks))), memory)
    with tracing(memory):
        stories = [found for pk in pks if (found := story(pk))]
    card.prime([pk for one in stories for pk in one.read_more_pks], memory)
    place.prime([pk for one in stories for pk in (*one.author_pks, *one.topic_pks)], memory)


@target(
    born=Born("page", _everyone, is_there=lambda pk: place(pk) is not None, prime=place.prime),
    prime=_prime,
)
def page(pk: int) -> Iterator[Product]:
    """The page with this primary key, if everyone may read it, and what hangs on it."""
    if whole := story(pk):
        yield from _baked(
            whole, whole.url, render("stories/story.html", whole.place, story_context(whole))
        )
        return
    found = sheet(pk)
    if found and found.place.kind in SHOWN:
        template, context_of = SHOWN[found.place.kind]
        context = {"page": found, **context_of(pk)}
        yield from _baked(found, found.url, render(template, found.place, context))
        if found.place.kind in FORMATS:
            yield Begets(("feed", pk))
        if found.place.kind in LISTS:
            for year, months in lists.years(pk):
                for month in months if found.place.kind == "section" else (0,):
                    yield Begets(("past", pk, year, month))


def _prime_past(keys: Sequence[Key], memory: Memory) -> None:
    pages = {pk for _name, pk, _year, _month in keys}
    sheet.prime(pages, memory)
    place.prime(pages, memory)
    with tracing(memory):
        pks = {number for _name, *span in keys for number in lists.published_in(*span)}
    card.prime(pks, memory)


@target(prime=_prime_past, in_passing=True)
def past(pk: int, year: int, month: int) -> Iterator[Product]:
    """What a section had in a month, or an author or topic in a year (month 0), if anything."""
    found = sheet(pk)
    stories = lists.cards(lists.published_in(pk, year, month))
    if found and stories:
        url = lists.url_of_span(found.url, year, month)
        earlier, later = lists.neighbours(pk, year, month)
        context = {
            "page": found,
            "url": url,
            "stories": stories,
            "year": year,
            "month": month,
            "earlier": earlier,
            "later": later,
        }
        yield from _baked(found, url, render("stories/past.html", found.place, context))


def _baked(shown: Whole | Sheet, url: str, content: bytes) -> Iterator[Product]:
    yield File(file_of(url), content)
    yield from enclosed_in(content)
    if shown.place.kind in ("story", "front"):
        card = cards.card_of(shown, Paper(shown.place.language))
        if card:
            path = f"media/{card.name}"
            yield Encloses(path, partial(cards.drawn, card), partial(cards.draw, card))


def render(template: str, where: Place, context: Mapping[str, Any]) -> bytes:
    """The bytes of a page, the same whoever asks and whenever."""
    return rendered(template, where.language, paper=Paper(where.language), **context).encode()


def story_context(whole: Whole) -> Context:
    return {
        "page": whole,
        "section": place(whole.card.section),
        "authors": places(whole.author_pks),
        "topics": places(whole.topic_pks),
        "more": read_more(whole),
    }


def _list(pk: int) -> Context:
    return {
        "stories": lists.cards(lists.newest(pk)),
        "years": lists.years(pk),
    }


def _index(pk: int) -> Context:
    return {"children": places(lists.by_name(pk))}


def _plain(_pk: int) -> Context:
    return {}


def _front(pk: int) -> Context:
    ranks = lists.ranks(pk)
    top = lists.cards(ranks.top)
    columns = [(place(section), lists.cards(pks)) for section, pks in ranks.columns]
    return {
        "lead": top[0] if top else None,
        "second": top[1:],
        "recent": lists.cards(ranks.recent),
        "columns": columns,
    }


LISTS = ("section", "author", "topic")
SHOWN: dict[str, tuple[str, Callable[[int], Context]]] = {
    "front": ("stories/front.html", _front),
    "plainpage": ("stories/plain_page.html", _plain),
    "authors": ("stories/index_page.html", _index),
    "topics": ("stories/index_page.html", _index),
    "author": ("stories/author.html", _list),
    "section": ("stories/list_page.html", _list),
    "topic": ("stories/list_page.html", _list),
}
