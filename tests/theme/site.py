"""A little paper in three languages, to look at and to measure. Our own words and drawings.

paper = make_paper(languages=["en"])
paper["en"].story.url
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.utils import translation
from PIL import Image, ImageDraw
from wagtail.models import Locale

from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import (
    Author,
    Authors,
    Byline,
    Correction,
    Front,
    Picture,
    PlainPage,
    Section,
    Story,
    StoryTopic,
    Topic,
    Topics,
)
from tests.conftest import NOON

PROSE = Path(__file__).parent / "prose"
VIDEO = "https://vimeo.com/76979871"


@dataclass
class Paper:
    """One language of it. `story` has a thousand words, `everything` every block."""

    front: Front
    section: Section
    story: Story
    everything: PlainPage
    author: Author
    topic: Topic

    @property
    def pages(self) -> dict[str, Any]:
        indexes = {
            "authors": self.author.get_parent().specific,
            "topics": self.topic.get_parent().specific,
        }
        return vars(self) | indexes


def make_paper(
    *, languages: Iterable[str] = ("en", "ru", "fa"), now: datetime = NOON
) -> dict[str, Paper]:
    """Fill the fronts of a founded newsroom with stories, the last of them an hour before `now`."""
    return {code: _one_language(code, now) for code in languages}


def body_of(text: str) -> list[tuple[str, Any]]:
    """Paragraphs, `## headings` and `> quotes`, a blank line between them."""
    blocks: list[tuple[str, Any]] = []
    for part in text.strip().split("\n\n"):
        if part.startswith("## "):
            blocks.append(("heading", {"text": part[3:], "level": "2"}))
        elif part.startswith("> "):
            blocks.append(("quote", {"text": part[2:], "who": ""}))
        else:
            blocks.append(("paragraph", f"<p>{part}</p>"))
    return blocks


def drawing(seed: int = 0, *, size: tuple[int, int] = (1600, 1000)) -> ImageFile:
    """Dusk over water, a ferry, one lamp. Each seed is another evening."""
    width, height = size
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    horizon = height * (52 + seed * 7 % 16) // 100
    sky, sea = [((43, 62, 88), (226, 165, 120)), ((70, 84, 92), (214, 202, 178))][seed % 2]
    for y in range(height):
        share = y / horizon if y < horizon else (height - y) / (height - horizon) * 0.55
        draw.line([(0, y), (width, y)], fill=_between(sky, sea, min(share, 1)))
    left = width * (12 + seed * 13 % 45) // 100
    deck = horizon + height // 40
    hull = [(0, -90), (620, -90), (560, 0), (60, 0)]
    draw.polygon([(left + x, deck + y) for x, y in hull], fill=(24, 27, 32))
    draw.rectangle([left + 90, deck - 190, left + 470, deck - 90], fill=(32, 36, 42))
    draw.rectangle([left + 330, deck - 300, left + 390, deck - 190], fill=(32, 36, 42))
    lamp = (left + 150, deck - 150)
    draw.ellipse([lamp[0] - 16, lamp[1] - 16, lamp[0] + 16, lamp[1] + 16], fill=(255, 214, 120))
    for step in range(14):
        y = deck + 12 + step * 22
        reach = 90 - step * 5
        draw.line([(lamp[0] - reach, y), (lamp[0] + reach, y)], fill=(236, 190, 118), width=4)
    file = BytesIO()
    picture.save(file, "JPEG", quality=88)
    return ImageFile(file, name=f"evening-{seed}.jpg")


def _between(
    top: tuple[int, int, int], bottom: tuple[int, int, int], share: float
) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))


def _one_language(code: str, now: datetime) -> Paper:
    words = json.loads((PROSE / "paper.json").read_text())[code]
    locale = Locale.objects.get(language_code=code)
    with translation.override(code):
        _name_the_outlet(locale, words)
        front = Front.objects.get(locale=locale)
        front.title = words["name"]
        front.save_revision().publish()
        sections = _children(front, Section, words["sections"])
        authors = _authors(front, words["authors"])
        topics = _children(Topics.objects.child_of(front).get(), Topic, words["topics"])
        stories = [
            _story(row, i, words=words, sections=sections, author=authors[i % 3], now=now)
            for i, row in reversed(list(enumerate(words["stories"])))
        ][::-1]
        _furnish(stories[0], code, words, second_author=authors[1], topics=topics)
    return Paper(
        front=front,
        section=sections[0],
        story=stories[0],
        everything=_everything(front, stories[0].lead_picture),
        author=authors[0],
        topic=topics[0],
    )


def _name_the_outlet(locale: Locale, words: dict[str, Any]) -> None:
    Masthead.objects.filter(locale=locale).update(
        name=words["name"],
        tagline=words["tagline"],
        footer=words["footer"],
        legal_notice=words["legal"],
    )


def _children(parent: Any, kind: Any, titles: list[str]) -> list[Any]:
    return [_add(parent, kind(title=title)) for title in titles]


def _add(parent: Any, child: Any) -> Any:
    child.locale = parent.locale
    parent.add_child(instance=child)
    return child


def _authors(front: Front, rows: list[list[str]]) -> list[Author]:
    parent = Authors.objects.child_of(front).get()
    portrait = _picture(5, "")
    return [
        _add(parent, Author(title=name, role=role, introduction=text, portrait=portrait))
        for name, role, text in rows
    ]


def _picture(seed: int, alt: str) -> Picture:
    return Picture.objects.create(
        title=f"Evening {seed}", file=drawing(seed), description=alt, credit="The Lantern"
    )


def _story(
    row: list[Any],
    number: int,
    *,
    words: dict[str, Any],
    sections: list[Any],
    author: Author,
    now: datetime,
) -> Story:
    section, title, standfirst = row
    story = Story(title=title, standfirst=standfirst, body=body_of(standfirst or title))
    if number % 3 != 2:
        story.lead_picture = _picture(number, words["alt"])
    story.bylines = [Byline(author=author)]
    _add(sections[section], story)
    published_at = now - timedelta(hours=1 + 17 * number)
    story.first_published_at = story.last_published_at = published_at
    story.save_revision().publish()
    return story


def _furnish(
    story: Story, code: str, words: dict[str, Any], *, second_author: Author, topics: list[Topic]
) -> None:
    story.body = body_of((PROSE / f"{code}.txt").read_text())
    story.lead_alt, story.lead_caption = words["alt"], words["caption"]
    story.lead_credit = words["credit"]
    story.bylines.add(Byline(author=second_author))
    story.story_topics = [StoryTopic(topic=topic) for topic in topics]
    story.corrections = [Correction(corrected_on=date(2026, 11, 21), text=words["correction"])]
    story.revised_at = story.first_published_at + timedelta(days=1)
    story.save_revision().publish()


def _everything(front: Front, picture: Picture) -> PlainPage:
    """A page with every block."""
    shown = {"picture": picture, "alt": "", "caption": "Old Quay.", "credit": "The Lantern"}
    body = [
        ("paragraph", '<p>Who <b>we</b> are, and <a href="https://example.org/">a link</a>.</p>'),
        ("heading", {"text": "A heading", "level": "2"}),
        ("heading", {"text": "A smaller one", "level": "3"}),
        ("picture", shown),
        ("gallery", {"pictures": [shown, shown, shown]}),
        ("quote", {"text": "A list is a door.", "who": "A clerk"}),
        ("list", {"items": ["<p>One</p>", "<p>Two</p>"], "numbered": True}),
        ("list", {"items": ["<p>Milk</p>", "<p>Bread</p>"], "numbered": False}),
        ("link", {"title": "The ruling", "address": "https://example.org/r", "note": "in full"}),
        ("call_out", {"title": "How we know", "text": "<p>Two papers, four clerks.</p>"}),
        ("embed", {"title": "The boat leaves", "address": VIDEO, "poster": picture}),
        ("embed", {"title": "A post", "address": "https://social.example/1", "poster": None}),
        ("imported", "<table><caption>Boats</caption><tr><th>Day<th>Left<tr><td>1<td>6</table>"),
    ]
    return _add(front, PlainPage(title="About us", slug="about", body=body))
