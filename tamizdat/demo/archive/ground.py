"""What the generated stories stand on, in one language: sections, authors and topics."""

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Locale, Page

from tamizdat.demo import content
from tamizdat.demo.archive.outlines import Size
from tamizdat.demo.archive.planting import plant
from tamizdat.demo.archive.prose import voice
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Author, Authors, Front, Section, Topic, Topics


@dataclass(frozen=True, slots=True)
class Ground:
    sections: list[Section]
    authors: list[int]  # primary keys
    topics: list[int]

    @classmethod
    @transaction.atomic
    def of(cls, language: str, *, size: Size) -> "Ground":
        """Make it, unless it is there."""
        locale = Locale.objects.get(language_code=language)
        front = Front.objects.get(locale=locale)
        if not Section.objects.child_of(front).exists():
            _name(front, language)
            _make(front, language, size=size)
        made = [
            model.objects.filter(locale=locale).order_by("pk").values_list("pk", flat=True)
            for model in (Author, Topic)
        ]
        sections = Section.objects.child_of(front).order_by("pk")
        return cls(sections=list(sections), authors=list(made[0]), topics=list(made[1]))

    @staticmethod
    def slug(title: str, number: int) -> str:
        return f"{slugify(title)}-{number}"


def _name(front: Front, language: str) -> None:
    outlet = content.load(language).outlet
    Masthead.objects.filter(locale=front.locale).update(**outlet["masthead"])
    title = outlet["titles"]["front"]
    Front.objects.filter(pk=front.pk).update(title=title, draft_title=title)


def _make(front: Front, language: str, *, size: Size) -> None:
    """All languages have the same, under the same address, so that each finds the other."""
    people, themes = range(size.authors), range(size.topics)
    authors = Authors.objects.get(locale=front.locale)
    topics = Topics.objects.get(locale=front.locale)
    names = zip(_names(language, people), _names("en", people), strict=True)
    titles = zip(_topics(language, themes), _topics("en", themes), strict=True)
    _plant(front, Section, voice(language).words["sections"])
    _plant(authors, Author, [_row(*pair, n) for n, pair in enumerate(names)])
    _plant(topics, Topic, [_row(*pair, n) for n, pair in enumerate(titles)])


def _plant(parent: Page, model: Any, rows: list[dict[str, str]]) -> None:
    pages = [
        model(
            **row,
            locale=parent.locale,
            translation_key=uuid5(NAMESPACE_URL, f"archive:{model.__name__}/{row['slug']}"),
        )
        for row in rows
    ]
    plant(pages, under=[parent] * len(pages))


def _row(title: str, latin: str, number: int) -> dict[str, str]:
    return {"title": title, "slug": Ground.slug(latin, number)}


def _names(language: str, people: range) -> list[str]:
    words = voice(language).words
    first, last = words["authors_first"], words["authors_last"]
    return [f"{first[n % len(first)]} {last[(n // len(first) + n) % len(last)]}" for n in people]


def _topics(language: str, themes: range) -> list[str]:
    words = voice(language).words
    what, where = words["topics_what"], words["topics_where"]
    return [f"{what[n % len(what)]}: {where[(n // len(what) + n) % len(where)]}" for n in themes]
