"""A Ghost export as what any old site holds: writers, terms, entries."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from html import escape
from itertools import islice
from pathlib import Path

from tamizdat.stories.importing.export import Entry, Export, Habits, Term, Writer, without_address
from tamizdat.stories.importing.ghost import tables
from tamizdat.stories.importing.ghost.posts import Context, entry_of
from tamizdat.stories.importing.ghost.tables import Row, Tables
from tamizdat.stories.importing.spool import Spool
from tamizdat.stories.models import Imported

HABITS = Habits(
    category="tag",
    files="/content/images/",
    feed="rss",
    has_dates=False,
    has_numbers=False,
    per_page=25,
    has_shortcodes=False,
)
# Tables whose rows say nothing about any story, but keep Ghost itself going.
_ITS_OWN_NAMES = (
    "actions api_keys brute custom_theme_settings invites jobs migrations migrations_lock "
    "permissions permissions_apps permissions_roles permissions_users roles roles_users sessions "
    "settings tokens"
)
_ITS_OWN = set(_ITS_OWN_NAMES.split())


def read(path: Path, *, address: str = "") -> Export:
    """Everything in the file that can be brought in; the database is not touched.

    No export of Ghost says where its site was: that is `address`, and may be unknown. So what an
    earlier run called the site is looked up by the numbers of its posts, which no two sites share.

    Raises ImportRefused if it is no whole Ghost export.
    """
    found = tables.read(path)
    settings = {row["key"]: row.get("value") or "" for row in found.rows["settings"]}
    writers = {row["id"]: _writer(row) for row in found.rows["users"]}
    tags = {row["id"]: row for row in found.rows["tags"]}
    labels = _in_order(found.rows["posts_tags"], "tag_id")
    authors = _in_order(found.rows["posts_authors"], "author_id")
    context = Context(
        home=address.rstrip("/"),
        writers=writers,
        tags={key: row for key, row in tags.items() if not is_internal(row)},
        internal={key: str(row["name"]) for key, row in tags.items() if is_internal(row)},
        labels=labels,
        authors=authors,
        meta={row["post_id"]: row for row in found.rows["posts_meta"]},
    )
    entries: Spool[Entry] = Spool()
    for row in found.posts():
        entries.append(entry_of(row, context))
    return Export(
        name=_name_by_posts(entries),
        title=settings.get("title", ""),
        address=context.home,
        language=next(filter(None, map(settings.get, ("locale", "lang", "default_locale"))), ""),
        writers=_writers_with_posts(writers, entries),
        terms=_terms(context),
        entries=entries,
        unread=_unread(found, settings),
        habits=HABITS,
    )


def _name_by_posts(entries: Iterable[Entry]) -> str:
    some = [entry.source_id for entry in islice(entries, 100)]
    numbers = [number for number in some if re.fullmatch(r"[0-9a-f]{24}", number)]
    kinds = (Imported.Kind.STORY, Imported.Kind.PLAIN_PAGE)
    earlier = Imported.objects.filter(kind__in=kinds, source_id__in=numbers)
    return earlier.values_list("site", flat=True).first() or ""


def is_internal(tag: Row) -> bool:
    return tag.get("visibility") == "internal" or str(tag.get("name", "")).startswith("#")


def _writer(row: Row) -> Writer:
    name = escape(without_address(str(row.get("name") or "")), quote=False)
    slug = without_address(str(row.get("slug") or row["id"]))
    about = escape(str(row.get("bio") or ""), quote=False)
    return Writer(str(row["id"]), slug, name, introduction=about)


def _writers_with_posts(writers: dict[str, Writer], entries: Iterable[Entry]) -> list[Writer]:
    """Whoever only ran the site has no page here."""
    wrote = {login for entry in entries for login in (entry.creator, *entry.co_writers)}
    return [writer for writer in writers.values() if writer.login in wrote]


def _in_order(rows: Iterable[Row], column: str) -> dict[str, list[str]]:
    """By post, in the order that the desk there gave them."""
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.get("sort_order") or 0):
        found[str(row["post_id"])].append(str(row[column]))
    return dict(found)


def _terms(context: Context) -> list[Term]:
    """A tag is a category where it is a post's first one, and a tag where it is not."""
    firsts, others = set[str](), set[str]()
    for post in context.labels:
        first, *rest = context.tags_of(post) or [""]
        firsts.add(first)
        others.update(rest)
    terms = []
    for key in context.tags:
        if key in firsts:
            terms.append(context.term("category", key))
        if key in others or key not in firsts:
            terms.append(context.term("post_tag", key))
    return terms


def _unread(found: Tables, settings: dict[str, str]) -> Counter[str]:
    unread: Counter[str] = Counter()
    for table, count in found.counts.items():
        if table not in found.rows and table not in _ITS_OWN and table != "posts":
            unread[f"rows of the table {table}"] = count
    unread["code injected into every page"] = sum(
        bool(settings.get(key)) for key in ("codeinjection_head", "codeinjection_foot")
    )
    unread["portraits of authors"] = sum(
        bool(row.get("profile_image")) for row in found.rows["users"]
    )
    unread["pictures of tags"] = sum(bool(row.get("feature_image")) for row in found.rows["tags"])
    return +unread
