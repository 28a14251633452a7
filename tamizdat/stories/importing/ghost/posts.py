"""The posts and pages of a Ghost export, one at a time."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from tamizdat.stories.importing.embeds import host_of
from tamizdat.stories.importing.export import Entry, Term, Writer
from tamizdat.stories.importing.ghost import lexical, mobiledoc
from tamizdat.stories.importing.ghost.tables import Row
from tamizdat.stories.importing.notes import Notes

_HOME = re.compile(r"__GHOST_URL__(?=(/)?)")
_SMALLER = re.compile(r"(/content/images/)size/w\d+(?:h\d+)?/(?:format/\w+/)?")
_PORTAL = re.compile(
    r'<a\b[^>]*href="[^"]*#/(?:portal|search|share)\b[^"]*"[^>]*>(.*?)</a>', re.DOTALL
)
_STATUS = {"published": "publish", "scheduled": "future", "sent": "only sent by mail"}
_VISIBILITY = {"members": "for members only", "paid": "for paying members only"}
# What we have no place for; that it was filled in is said in the report.
_UNPLACED_NAMES = (
    "codeinjection_head codeinjection_foot custom_template og_title og_description og_image "
    "twitter_title twitter_description twitter_image"
)
_UNPLACED = _UNPLACED_NAMES.split()


@dataclass(frozen=True, slots=True)
class Context:
    """What other tables say about posts."""

    home: str
    writers: Mapping[str, Writer]
    tags: Mapping[str, Row]
    internal: Mapping[str, str]  # names of the tags that no reader ever saw
    labels: Mapping[str, list[str]]
    authors: Mapping[str, list[str]]
    meta: Mapping[str, Row]

    def tags_of(self, post: str) -> list[str]:
        return [key for key in self.labels.get(post, ()) if key in self.tags]

    def term(self, taxonomy: str, key: str) -> Term:
        row = self.tags[key]
        name = escape(str(row.get("name") or ""), quote=False)
        about = escape(str(row.get("description") or ""), quote=False)
        return Term(taxonomy, str(row["slug"]), name, source_id=key, description=about)

    def terms_of(self, post: str) -> list[Term]:
        """The first tag says where a post belongs, as a category does elsewhere."""
        taxonomies = ("category", *["post_tag"] * 1000)
        return [self.term(*pair) for pair in zip(taxonomies, self.tags_of(post), strict=False)]


def entry_of(row: Row, context: Context) -> Entry:
    post = str(row.get("id") or "")
    row = context.meta.get(post, {}) | {key: value for key, value in row.items() if value}
    notes = Notes()
    html = body_of(row, home=context.home, notes=notes)
    authors = context.authors.get(post) or [str(row.get("author_id") or "")]
    known = [key for key in authors if key in context.writers]
    slug = str(row.get("slug") or "")
    entry = Entry(
        source_id=post,
        kind="page" if row.get("type") == "page" or row.get("page") else "post",
        status=status_of(row),
        title=_plain(row, "title"),
        address=f"{context.home}/{slug}/",
        slug=slug,
        html=html,
        excerpt=_plain(row, "custom_excerpt"),
        creator=next(iter(known), ""),
        co_writers=known,
        published_at=moment(row.get("published_at")),
        modified_at=moment(row.get("updated_at")),
        is_sticky=bool(row.get("featured")),
        terms=context.terms_of(post),
        seo_title=_plain(row, "meta_title"),
        search_description=_plain(row, "meta_description"),
        lead_address=_at_home(str(row.get("feature_image") or ""), context.home),
        lead_alt=_plain(row, "feature_image_alt"),
        lead_caption=str(row.get("feature_image_caption") or ""),
    )
    _note_what_stays(row, entry, context, notes)
    entry.notes = notes.as_dict()
    return entry


def body_of(row: Row, *, home: str, notes: Notes) -> str:
    """HTML from what the editor there wrote in, else the HTML that Ghost made of it."""
    for column, read in (("lexical", lexical.html_of), ("mobiledoc", mobiledoc.html_of)):
        if text := row.get(column):
            try:
                html = read(_at_home(str(text), home), notes=notes)
                break
            except ValueError:
                notes.add("texts that only came as HTML", column)
    else:
        html = _at_home(str(row.get("html") or ""), home)
    html, portals = _PORTAL.subn(r"\1", html)
    if portals:
        notes.add("links left out", "to the sign-up of members or the search", portals)
    return html


def status_of(row: Row) -> str:
    """In the words of `Entry.status`; what not everyone could read is no story for everyone."""
    status = str(row.get("status") or "draft")
    visibility = str(row.get("visibility") or "public")
    if status in ("published", "scheduled") and visibility != "public":
        return _VISIBILITY.get(visibility, "for members of some tiers only")
    if row.get("email_only"):
        return _STATUS["sent"]
    return _STATUS.get(status, status)


def moment(value: Any) -> datetime | None:
    """Ghost has written its times in three ways; all are UTC."""
    if isinstance(value, int) and value > 0:
        return datetime.fromtimestamp(value / 1000, UTC)
    with suppress(ValueError, TypeError):
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _plain(row: Row, column: str) -> str:
    """Ghost keeps these as plain text; an Entry has them as HTML."""
    return escape(str(row.get(column) or ""), quote=False)


def _at_home(text: str, home: str) -> str:
    text = _HOME.sub(lambda match: home if home or match[1] else "/", text)
    return _SMALLER.sub(r"\1", text)


def _note_what_stays(row: Row, entry: Entry, context: Context, notes: Notes) -> None:
    for key in context.labels.get(entry.source_id, ()):
        if name := context.internal.get(key):
            notes.add("internal tags left out", name)
    for column in _UNPLACED:
        if row.get(column):
            notes.add("fields left out", column)
    if canonical := str(row.get("canonical_url") or ""):
        if context.home and host_of(canonical) == host_of(context.home):
            entry.old_addresses.append(canonical)
        else:
            notes.add("canonical addresses elsewhere", canonical)
