"""Every page as JSON and as HTML; what no reader has seen yet is marked."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from tamizdat.lib.crate import Piece
from tamizdat.stories.exporting import html
from tamizdat.stories.exporting.site import Site
from tamizdat.stories.models import Author, Authors, Front, PlainPage, Section, Story, Topic, Topics

_AT_ONCE = 200
_MODELS: tuple[tuple[type[Page], str], ...] = (
    (Front, "fronts"),
    (Section, "sections"),
    (Topics, "topics"),
    (Topic, "topics"),
    (Authors, "authors"),
    (Author, "authors"),
    (PlainPage, "plain_pages"),
    (Story, "stories"),
)
_SLUG_LETTERS = 50  # a file's name may be 255 bytes long, and some letters are three


def count() -> int:
    return 2 * sum(model.objects.count() for model, _folder in _MODELS)


def pieces(site: Site) -> Iterator[Piece]:
    for model, folder in _MODELS:
        for page in model.objects.order_by("pk").select_related("locale").iterator(_AT_ONCE):
            if page.live:
                yield from _two(page, folder, site, is_draft=False)
            if not page.live or page.has_unpublished_changes:
                yield from _two(_draft_of(page), folder, site, is_draft=True)


def _draft_of(page: Page) -> Page:
    """As the desk sees it: a page that was never published may hold its text in a revision."""
    return page.get_latest_revision_as_object() if page.latest_revision_id else page


def _two(page: Page, folder: str, site: Site, *, is_draft: bool) -> Iterator[Piece]:
    name = f"{page.pk}-{page.slug[:_SLUG_LETTERS]}{'.draft' if is_draft else ''}"
    path = f"pages/{page.locale.language_code}/{folder}/{name}"
    facts = about(page, site, is_draft=is_draft)
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
    yield Piece(f"{path}.json", "drafts" if is_draft else folder, partial(_encoded, text))
    document = html.document(facts, site=site)
    yield Piece(f"{path}.html", "pages as HTML", partial(_encoded, document))


def _encoded(text: str) -> list[bytes]:
    return [text.encode()]


def about(page: Page, site: Site, *, is_draft: bool) -> dict[str, Any]:
    """All that the desk can write on a page, in words instead of our numbers where it can be."""
    facts = {
        "kind": page._meta.verbose_name,
        "id": page.pk,
        "is_draft": is_draft,
        "language": page.locale.language_code,
        "same_in_other_languages": str(page.translation_key),
        "address": site.addresses.get(page.pk, ""),
        "slug": page.slug,
        "title": page.title,
        "published_at": _moment(page.first_published_at),
        "last_published_at": _moment(page.last_published_at),
        "goes_live_at": _moment(page.go_live_at),
        "expires_at": _moment(page.expire_at),
        "seo_title": page.seo_title,
        "search_description": page.search_description,
        "is_in_menus": page.show_in_menus,
        "is_for_everyone": not page.path.startswith(site.private_paths),
    }
    if not isinstance(page, Story):  # stories stand in the order of their dates
        facts["place_among_its_siblings"] = site.places.get(page.pk, 0)
    for name in ("introduction", "role", "kicker", "standfirst"):
        if hasattr(page, name):
            facts[name] = getattr(page, name)
    if isinstance(page, Author) and page.portrait_id:
        facts["portrait"] = site.pictures.get(page.portrait_id, "")
    if isinstance(page, Front):
        chosen = [page.lead_id, *(pick.story_id for pick in page.picks.all())]
        facts["chosen_by_the_desk"] = [site.addresses.get(pk, "") for pk in chosen if pk]
    return facts | _body(page, site) | (_of_story(page, site) if isinstance(page, Story) else {})


def _body(page: Page, site: Site) -> dict[str, Any]:
    if not isinstance(page, Story | PlainPage):
        return {}
    body = json.loads(json.dumps(list(page.body.raw_data)))
    numbers = sorted(_pictures_in(body))
    files = {str(pk): site.pictures[pk] for pk in numbers if pk in site.pictures}
    return {"body": body, "pictures": files}


def _pictures_in(value: Any) -> set[int]:
    if isinstance(value, list):
        return set[int]().union(*map(_pictures_in, value))
    if not isinstance(value, dict):
        return set()
    own = {value[key] for key in ("picture", "poster") if isinstance(value.get(key), int)}
    return own.union(*map(_pictures_in, value.values()))


def _of_story(story: Story, site: Site) -> dict[str, Any]:
    return {
        "section": _named(story.get_parent().pk, site),
        "authors": [_named(row.author_id, site) for row in story.bylines.all()],
        "topics": [_named(row.topic_id, site) for row in story.story_topics.all()],
        "lead_picture": _lead(story, site),
        "updated_at": _moment(story.revised_at),
        "is_sensitive": story.is_sensitive,
        "corrections": [
            {"corrected_on": row.corrected_on.isoformat(), "text": row.text}
            for row in story.corrections.all()
        ],
        "change_notes": [
            {"noted_on": row.noted_on.isoformat(), "text": row.text}
            for row in story.change_notes.all()
        ],
        "read_more": _read_more(story, site),
    }


def _named(pk: int, site: Site) -> dict[str, str]:
    return {"name": site.titles.get(pk, ""), "address": site.addresses.get(pk, "")}


def _lead(story: Story, site: Site) -> dict[str, str] | None:
    picture = story.lead_picture
    if picture is None:
        return None
    return {
        "file": site.pictures.get(picture.pk, ""),
        "shows": picture.in_words(story.lead_alt),
        "caption": story.lead_caption or picture.caption,
        "credit": story.lead_credit or picture.credit,
    }


def _read_more(story: Story, site: Site) -> list[dict[str, Any]]:
    picked = [row.story_id for row in story.read_more_picks.all()]
    kept = story.read_more_kept.filter(~Q(story__in=picked)).order_by("position")
    by_us = [(pk, "the desk") for pk in picked]
    by_us += [(row.story_id, "the software") for row in kept]
    return [_named(pk, site) | {"chosen_by": who} for pk, who in by_us]


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
