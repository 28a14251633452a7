"""What a story says of itself to search engines and to those who pass it on."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from tamizdat.theme import cards
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.facts.places import Place
from tamizdat.theme.facts.stories import Whole
from tamizdat.theme.pictures import MEDIA, SHAPES, sources_of

_LINE = 300  # letters


def description(page: Any, tagline: str) -> str:
    """What the page says of itself in a line: its own words for it, else the outlet's."""
    own = ("search_description", "standfirst", "introduction")
    words = next(filter(None, (getattr(page, name, "") for name in own)), tagline)
    return words if len(words) <= _LINE else Truncator(words).chars(_LINE)


def share_picture(page: Any, paper: Paper) -> str:
    """The absolute address of the page's card, of its lead picture, or nothing."""
    card = cards.card_of(page, paper)
    name = card.name if card else _lead_picture(page)
    return f"{settings.SITE_ADDRESS}{MEDIA}{name}" if name else ""


def _lead_picture(page: Any) -> str:
    photo = getattr(page, "photo", None)
    shown = sources_of(photo.row, SHAPES["lead"]) if photo else None
    return shown.fallback.url.removeprefix(MEDIA) if shown else ""


def news_article(
    story: Whole, authors: Sequence[Place], section: Place | None, paper: Paper, image: str
) -> SafeString:
    """schema.org's NewsArticle as JSON that is safe inside a script element.

    Addresses are those of the copy at hand; readers of a mirror are not led away from it.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published_at and story.published_at.isoformat(timespec="seconds"),
        "dateModified": story.revised_at and story.revised_at.isoformat(timespec="seconds"),
        "author": [{"@type": "Person", "name": author.title} for author in authors],
        "image": image,
        "publisher": {"@type": "Organization", "name": paper.masthead.name},
        "mainEntityOfPage": story.url,
        "articleSection": section.title if section else "",
        "correction": [fix.text for fix in story.corrections],
    }
    said = {key: value for key, value in data.items() if value}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return mark_safe(text)  # noqa: S308 nothing in it can end the element
