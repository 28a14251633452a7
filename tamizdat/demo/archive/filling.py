"""Filling a founded newsroom with generated stories, a batch in each transaction."""

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page

from tamizdat.demo import content, newsroom
from tamizdat.demo.archive.ground import Ground
from tamizdat.demo.archive.outlines import (
    EACH_CORRECTED,
    EACH_PICTURED,
    EACH_REVISED,
    Outline,
    Size,
    chance_of,
    outlines,
)
from tamizdat.demo.archive.planting import count_on, plant
from tamizdat.demo.archive.prose import voice
from tamizdat.demo.pictures import gallery
from tamizdat.stories.models import Byline, Correction, KeptReadMore, Picture, Story, StoryTopic

LANGUAGES = ("en", "ru")
BATCH = 100
ALTS = {code: content.load(code).alts for code in LANGUAGES}
# The drawings that we can describe in each language.
PICTURES = [name for name in gallery.DRAWINGS if all(name in alts for alts in ALTS.values())]

Track = Callable[..., Any]  # rich's: goes through a sequence and shows how far it is


class NotOurs(Exception):
    """The newsroom cannot be filled; the message says why and what to do."""


def fill(*, stories: int, progress: Track) -> None:
    """Write what is missing of an archive of so many stories. Always the same stories.

    Interrupted, it goes on where it stopped. No revision, search index or reference index is
    made, and nobody is told: `tamizdat bake` is what comes after it.

    Raises NotOurs if there are stories that this did not write, or no language it can write.
    """
    languages = [code for code, _ in settings.LANGUAGES if code in LANGUAGES]
    if not languages:
        raise NotOurs("Stories are generated in English and Russian. Add en or ru in tamizdat.toml")
    size = Size(stories)
    pks = _stories_there(size)
    missing = [name for name in PICTURES if name not in newsroom.pictures_there()]
    for name, jpeg in progress(gallery.drawn(missing), len(missing), description="Cutting paper"):
        newsroom.hang(name, jpeg)
    batch = _Batch(size, grounds={code: Ground.of(code, size=size) for code in languages}, pks=pks)
    left = islice(outlines(size, languages=languages), len(pks), None)
    starts = range(len(pks), stories, BATCH)
    for _ in progress(starts, description=f"Writing {stories:,} stories"):
        batch.write(list(islice(left, BATCH)))
    count_on()


def _stories_there(size: Size) -> list[int]:
    """Primary keys by number. Raises NotOurs if anyone else wrote them."""
    pks = list(Story.objects.order_by("pk").values_list("pk", flat=True))
    if pks and not (
        len(pks) <= size.stories
        and Story.objects.filter(pk=pks[-1], translation_key=_key(len(pks) - 1, size)).exists()
    ):
        raise NotOurs(
            f"This newsroom holds {len(pks):,} stories that are not of an archive of "
            f"{size.stories:,}. Name a new folder: tamizdat demo --home FOLDER --stories N"
        )
    return pks


def _key(number: int, size: Size) -> UUID:
    return uuid5(NAMESPACE_URL, f"archive:{number} of {size.stories}")


class _Batch:
    def __init__(self, size: Size, *, grounds: dict[str, Ground], pks: list[int]) -> None:
        self.size, self.grounds, self.pks = size, grounds, pks
        self.locales = {each.language_code: each for each in Locale.objects.all()}
        self.pictures = dict(Picture.objects.values_list("title", "pk"))

    @transaction.atomic
    def write(self, drafts: Sequence[Outline]) -> None:
        stories = [self._story(draft) for draft in drafts]
        sections: list[Page] = [
            self.grounds[draft.language].sections[draft.section] for draft in drafts
        ]
        plant(stories, under=sections)
        self.pks += [story.pk for story in stories]
        for model in (Byline, StoryTopic, KeptReadMore, Correction):
            model.objects.bulk_create(row for draft in drafts for row in self._rows(model, draft))

    def _story(self, draft: Outline) -> Story:
        chance = chance_of(draft.number, size=self.size, what="prose")
        said = voice(draft.language)
        links = [self.pks[number] for number in draft.links if number < len(self.pks)]
        return Story(
            title=said.headline(draft.headline),
            slug=Ground.slug(voice("en").headline(draft.headline), draft.number),
            standfirst=said.standfirst(chance),
            body=json.dumps(said.body(chance, links=links), ensure_ascii=False),
            locale=self.locales[draft.language],
            translation_key=_key(draft.number, self.size),
            first_published_at=draft.published_at,
            last_published_at=draft.published_at,
            revised_at=draft.published_at if draft.is_one_of(EACH_REVISED) else None,
            **self._picture(draft),
        )

    def _picture(self, draft: Outline) -> dict[str, Any]:
        if not draft.is_one_of(EACH_PICTURED):
            return {}
        name = PICTURES[draft.number // EACH_PICTURED % len(PICTURES)]
        return {"lead_picture_id": self.pictures[name], "lead_alt": ALTS[draft.language][name]}

    def _rows(self, model: Any, draft: Outline) -> list[Any]:
        """The rows of one table that belong to a story, in order."""
        of, ground = self.pks[draft.number], self.grounds[draft.language]
        columns: dict[Any, list[dict[str, Any]]] = {
            Byline: [{"author_id": ground.authors[n]} for n in draft.authors],
            StoryTopic: [{"topic_id": ground.topics[n]} for n in draft.topics],
            KeptReadMore: [{"story_id": self.pks[n]} for n in draft.read_more],
            Correction: self._corrections(draft),
        }
        place = "position" if model is KeptReadMore else "sort_order"
        return [model(of_id=of, **{place: at}, **row) for at, row in enumerate(columns[model])]

    def _corrections(self, draft: Outline) -> list[dict[str, Any]]:
        if not draft.is_one_of(EACH_CORRECTED):
            return []
        texts = voice(draft.language).words["corrections"]
        text = texts[draft.number % len(texts)].format(year=2000, count=40, more=41)
        return [{"corrected_on": draft.published_at.date(), "text": text}]
