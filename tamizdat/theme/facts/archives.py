"""Which stories a section, author or topic has: in SQL of our own, which indexes answer.

A list asks this at every publishing. Through the models it would join the table of stories, whose
rows are long; the dates are all with the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from tamizdat.editions.watching import utc_month
from tamizdat.stories.indexes import PARENT
from tamizdat.theme.facts.places import private_depths

_PRIVATE = (
    'SELECT top.path FROM "wagtailcore_pageviewrestriction" one '
    'JOIN "wagtailcore_page" top ON top.id = one.page_id'
)


class Month(NamedTuple):
    """A month of UTC with stories: the first and last moment of one, and how many."""

    first: datetime
    last: datetime
    stories: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The live stories of a list that are for everyone; `token` tells when there are others."""

    among: str  # SQL for the pages that they are
    value: str | int
    token: str
    below: str = ""  # where in the tree of pages all of them are

    def newest(self, limit: int) -> list[int]:
        """Primary keys, the newest first."""
        rows = self._select("id", f"ORDER BY first_published_at DESC, id DESC LIMIT {limit}")
        return [pk for (pk,) in rows]

    def months(self) -> list[Month]:
        """Those in which there are stories."""
        month = utc_month("first_published_at", connection.vendor)
        columns = "MIN(first_published_at), MAX(first_published_at), COUNT(*)"
        dated = f"AND first_published_at IS NOT NULL GROUP BY {month}"
        return [Month(_moment(a), _moment(b), n) for a, b, n in self._select(columns, dated)]

    def within(self, start: datetime, end: datetime) -> list[int]:
        """Primary keys of those that appeared from `start` until before `end`, in that order."""
        span = "AND first_published_at >= %s AND first_published_at < %s"
        moments = [connection.ops.adapt_datetimefield_value(each) for each in (start, end)]
        rows = self._select("id", f"{span} ORDER BY first_published_at, id", *moments)
        return [pk for (pk,) in rows]

    def _select(self, columns: str, rest: str, *values: Any) -> Sequence[tuple[Any, ...]]:
        which = f"live AND {self.among}{public_below(self.below)}"
        sql = f'SELECT {columns} FROM "wagtailcore_page" WHERE {which} {rest}'  # noqa: S608 our own words
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.value, *values])
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return found


def of_section(path: str) -> Archive:
    return Archive(f"{PARENT} = %s", path, f"under:{path}", below=path)


def public_below(path: str) -> str:
    """SQL that leaves out what not everyone may read; empty where nothing below `path` is so."""
    return "".join(
        f' AND substr("wagtailcore_page".path, 1, {length}) NOT IN '
        f"({_PRIVATE} WHERE length(top.path) = {length})"
        for length in private_depths(path)
    )


def of_author(pk: int) -> Archive:
    written = 'SELECT of_id FROM "stories_byline" WHERE author_id = %s'
    return Archive(f"id IN ({written})", pk, f"by:{pk}")


def of_topic(pk: int) -> Archive:
    about = 'SELECT of_id FROM "stories_storytopic" WHERE topic_id = %s'
    return Archive(f"id IN ({about})", pk, f"on:{pk}")


def of_nothing(pk: int) -> Archive:
    """Of a page that nobody may read, or that lists no stories."""
    return Archive("id = %s AND id IS NULL", pk, f"page:{pk}")


def _moment(value: Any) -> datetime:
    """SQLite keeps moments as text in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    found: datetime = value
    return found
