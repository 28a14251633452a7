"""What is to stand on a page, out of an entry of the export."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tamizdat.stories.importing import losses, markup, seo
from tamizdat.stories.importing.addresses import OldSite
from tamizdat.stories.importing.bodies import blocks_of, convert
from tamizdat.stories.importing.export import Entry
from tamizdat.stories.importing.lists import Lists
from tamizdat.stories.importing.memory import Place
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.pictures import Pictures
from tamizdat.stories.importing.surroundings import Surroundings
from tamizdat.stories.importing.survey import Survey, is_public, title_of
from tamizdat.stories.importing.walk import MUTE

# WordPress touches "modified" when it publishes; only later is it news to the reader.
SETTLES_WITHIN = timedelta(hours=1)


@dataclass(slots=True)
class Contents:
    site: str
    survey: Survey
    pictures: Pictures
    lists: Lists
    old_site: OldSite

    def of_plain_page(
        self, entry: Entry, place: Place, *, under: int, notes: Notes
    ) -> dict[str, Any]:
        return self._of_any(entry, place, notes) | {"parent_id": under}

    def of_story(self, entry: Entry, place: Place, notes: Notes) -> dict[str, Any]:
        values = self._of_any(entry, place, notes)
        published_at, revised_at = _published_at(entry, place), entry.modified_at
        if revised_at is None or revised_at - published_at < SETTLES_WITHIN:
            revised_at = None
        if entry.status == "publish" and entry.published_at is None:
            notes.add(
                "stories that had no date",
                "dated by its last change" if is_public(entry) else "a draft here",
            )
        if markup.visible(entry.excerpt) != entry.excerpt:
            notes.add(losses.HIDDEN, "in the excerpt")
        number = entry.first("_thumbnail_id")
        lead = self.pictures.find(entry.lead_address, number)
        if lead is None and (entry.lead_address or number):
            lost = entry.lead_address or f"attachment {number}"
            notes.add("pictures that are missing", f"the lead picture, {lost}")
        if lead and not lead.alt.strip():
            notes.add(MUTE, f"picture {lead.pk}")
        return values | {
            "parent_id": self.lists.section_of(entry),
            "standfirst": markup.plain(entry.excerpt),
            "lead_picture_id": lead.pk if lead else None,
            "lead_alt": _own(entry.lead_alt, lead.alt) if lead else "",
            "lead_caption": _own(entry.lead_caption, lead.caption) if lead else "",
            "revised_at": revised_at,
            "bylines": self.lists.authors_of(entry),
            "story_topics": self.lists.topics_of(entry),
        }

    def _of_any(self, entry: Entry, place: Place, notes: Notes) -> dict[str, Any]:
        published_at = _published_at(entry, place)
        return {
            "title": title_of(entry),
            "live": is_public(entry),
            "body": self._body(entry, notes),
            "seo_title": seo.title_for_search(entry),
            "search_description": seo.description_of(entry),
            "go_live_at": published_at if entry.status == "future" else None,
            "first_published_at": published_at if is_public(entry) else None,
            "last_published_at": entry.modified_at or published_at,
        }

    def _body(self, entry: Entry, notes: Notes) -> list[dict[str, Any]]:
        old = Surroundings(
            picture=self.pictures.find,
            link=lambda href: self.old_site.lead(href, notes),
            page_at=self.old_site.pages.get,
            attached=self.survey.attached_to(entry),
            reusable=self.survey.reusable,
            footnotes=entry.first("footnotes"),
            language=self.old_site.language,
        )
        source = f"{self.site}/{entry.kind}/{entry.source_id}"
        to_blocks = convert if self.old_site.habits.has_shortcodes else blocks_of
        return to_blocks(entry.html, source=source, old=old, notes=notes)


def _own(words: str, of_picture: str) -> str:
    """What the entry says of its lead picture, else what the picture says itself."""
    return (markup.plain(words) or of_picture)[:400]


def _published_at(entry: Entry, place: Place) -> datetime:
    return entry.published_at or entry.modified_at or place.imported_at
