"""Which stories a list shows, and where the older ones are. What a card says is not in here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.db.models.lookups import In
from wagtail.models import Page, PageViewRestriction

from tamizdat.editions.tracing import clock, fact, valid_until, watch
from tamizdat.stories.models import Front, FrontPick, Story
from tamizdat.stories.models.page import ListPage
from tamizdat.theme.facts import archives
from tamizdat.theme.facts.archives import Archive
from tamizdat.theme.facts.paper import below, places
from tamizdat.theme.facts.places import place, private_depths, tree_path
from tamizdat.theme.facts.stories import Card, card

Span = tuple[int, int]  # a year and a month, 0 for all of the year
FRESH_FOR = timedelta(days=2)  # what search engines call news
MOST_NEWS = 1000  # and how much of it they read


@dataclass(frozen=True, slots=True)
class Ranks:
    """What stands where on a front: primary keys of stories."""

    top: tuple[int, ...]  # the lead, then the second rank
    recent: tuple[int, ...]
    columns: tuple[tuple[int, tuple[int, ...]], ...]  # a section and its stories


@fact
def newest(pk: int) -> tuple[int, ...]:
    """The stories of a section, author or topic that its own page shows, newest first."""
    return tuple(_archive_of(pk, watched=True).newest(ListPage.LENGTH))


@fact
def years(pk: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The years in which there are stories, newest first, each with its months.

    None while the page of the newest shows them all.
    """
    months = _archive_of(pk, watched=True).months()
    if sum(month.stories for month in months) <= ListPage.LENGTH:
        return ()
    # A month of UTC has stories of two months here at most, and its first and last are of both.
    days = {each.astimezone(_zone()) for month in months for each in (month.first, month.last)}
    found: dict[int, list[int]] = {}
    for year, month in sorted({(day.year, day.month) for day in days}, reverse=True):
        found.setdefault(year, []).append(month)
    return tuple((year, tuple(months)) for year, months in found.items())


@fact
def published_in(pk: int, year: int, month: int) -> tuple[int, ...]:
    """The stories of a month (0: of a year) in the order in which they appeared."""
    archive = _archive_of(pk)
    start = datetime(year, month or 1, 1, tzinfo=_zone())
    end = datetime(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1, tzinfo=_zone())
    watch(*(f"{archive.token}:{each}" for each in _utc_months(start, end)))
    return tuple(archive.within(start, end))


@fact
def neighbours(pk: int, year: int, month: int) -> tuple[Span | None, Span | None]:
    """The month (or year, if `month` is 0) with stories before this one, and the one after."""
    spans = sorted((y, m) for y, months in years(pk) for m in (months if month else (0,)))
    earlier = [span for span in spans if span < (year, month)]
    later = [span for span in spans if span > (year, month)]
    return earlier[-1] if earlier else None, later[0] if later else None


@fact
def fresh(pk: int) -> tuple[int, ...]:
    """The stories of a front's language that are no older than two days, newest first."""
    path = _watch_all_below(pk)
    since = clock() - FRESH_FOR
    stories = _newest_below(path).filter(first_published_at__gt=since)
    found = list(stories.values_list("pk", "first_published_at")[:MOST_NEWS])
    if found:
        valid_until(found[-1][1] + FRESH_FOR)
    return tuple(number for number, _at in found)


@fact
def by_name(pk: int) -> tuple[int, ...]:
    """The pages right under a page by their titles."""
    watch(f"names:{tree_path(pk)}")
    shown = [found for under in below(pk) if (found := place(under))]
    return tuple(each.pk for each in sorted(shown, key=lambda each: (each.title, each.pk)))


@fact
def ranks(pk: int) -> Ranks:
    """What a front shows: first what the desk chose, gaps filled with the newest."""
    watch(f"page:{pk}")
    lead = Front.objects.filter(pk=pk).values_list("lead_id", flat=True).first()
    picks = FrontPick.objects.filter(front=pk).order_by("sort_order", "pk")
    chosen = [each for each in (lead, *picks.values_list("story_id", flat=True)) if each]
    place.look_ahead([*chosen, *newest_of_all(pk)])
    top = [each for each in dict.fromkeys(chosen) if place(each)][: Front.SECOND_RANK + 1]
    others = [each for each in newest_of_all(pk) if each not in top and place(each)]
    missing = Front.SECOND_RANK + 1 - len(top)
    top, recent = [*top, *others[:missing]], others[missing:][: Front.MOST_RECENT]
    return Ranks(tuple(top), tuple(recent), tuple(_columns(pk, without=top)))


@fact
def newest_of_all(pk: int) -> tuple[int, ...]:
    """The newest stories of a front's language: as many as it may need."""
    path = _watch_all_below(pk)
    length = Front.MOST_RECENT + 2 * Front.SECOND_RANK + 6
    return tuple(_newest_below(path).values_list("pk", flat=True)[:length])


def url_of_span(url: str, year: int, month: int) -> str:
    """Where what a list had in a month stands, or in a year if `month` is 0."""
    return f"{url}{year}/{f'{month:02}/' if month else ''}"


def cards(pks: Iterable[int]) -> list[Card]:
    """Those that everyone may read."""
    return list(filter(None, card.of_many(list(pks))))


def _columns(pk: int, *, without: list[int]) -> Iterable[tuple[int, tuple[int, ...]]]:
    for section in places(below(pk)):
        if section.kind == "section" and section.in_menus:
            others = [each for each in newest(section.pk) if each not in without]
            place.look_ahead(others[: Front.PER_SECTION])
            fresh = tuple(islice(filter(place, others), Front.PER_SECTION))
            if fresh:
                yield section.pk, fresh


def _archive_of(pk: int, *, watched: bool = False) -> Archive:
    """The stories of a section, author or topic; `watched` for whoever asks for all of them."""
    where = place(pk)
    match where.kind if where else "":
        case "section":
            archive = archives.of_section(tree_path(pk))
        case "author":
            archive = archives.of_author(pk)
        case "topic":
            archive = archives.of_topic(pk)
        case _:
            archive = archives.of_nothing(pk)
    if watched:
        watch(archive.token)
    return archive


def _newest_below(path: str) -> QuerySet[Any]:
    """The live stories of a front that are for everyone. A prefix, and the page's own key, let
    the index be walked.

    There are none below a page that is not in the tree.
    """
    if not path:
        return Story.objects.none()
    stories = Story.objects.live().filter(path__startswith=path)
    for length in private_depths(path):
        private = PageViewRestriction.objects.alias(length=Length("page__path"))
        tops = private.filter(length=length).values("page__path")
        stories = stories.exclude(In(Left("path", length), tops))
    return stories.order_by("-first_published_at", "-id")


def _watch_all_below(pk: int) -> str:
    """Watch the stories of every section of a front; the front's own path."""
    path = tree_path(pk)
    paths = Page.objects.filter(pk__in=below(pk)).order_by("path").values_list("path", flat=True)
    watch(f"under:{path}", *(f"under:{each}" for each in paths))
    return path


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _utc_months(start: datetime, end: datetime) -> list[str]:
    """`2026-05` for every month of UTC that has a moment of the span: tokens are told in UTC."""
    first, last = start.astimezone(UTC), (end - timedelta(microseconds=1)).astimezone(UTC)
    day, months = date(first.year, first.month, 1), []
    while day <= last.date():
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return months
