"""Filling an empty newsroom with our stories, through the functions a desk would use."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Locale, Page

from tamizdat.demo.content import Draft, Paper
from tamizdat.demo.markup import Desk
from tamizdat.outlet.models import Masthead
from tamizdat.staff.models import User
from tamizdat.stories.models import (
    Author,
    Authors,
    Byline,
    Correction,
    Front,
    FrontPick,
    Picture,
    PlainPage,
    ReadMorePick,
    Section,
    Story,
    StoryTopic,
    Topic,
    Topics,
)

Step = Callable[[], None]


def pictures_there() -> set[str]:
    return set(Picture.objects.values_list("title", flat=True))


def hang(name: str, jpeg: bytes) -> None:
    Picture.objects.create(title=name, file=ContentFile(jpeg, name=f"{name}.jpg"))


def printing(paper: Paper, *, by: User, now: datetime) -> list[Step]:
    """The steps that write one language of the paper. What is there is left as the desk has it."""
    newsroom = _Newsroom(paper, by=by, now=now)
    return [
        newsroom.name_it,
        newsroom.open_sections,
        newsroom.lay_out_pages,
        *(partial(newsroom.take_in, draft) for draft in paper.stories),
        # Only now: what follows a story is chosen when it is published, among those there are.
        *(partial(newsroom.publish, draft) for draft in paper.stories),
        newsroom.publish_pages,
        newsroom.set_front,
    ]


@transaction.atomic  # one commit, so that no story is baked before all are there
def run(steps: Iterable[Step]) -> None:
    for step in steps:
        step()


class _Newsroom:
    """One language: finds what earlier steps made by the key that all languages share."""

    def __init__(self, paper: Paper, *, by: User, now: datetime) -> None:
        self.paper, self.by, self.now = paper, by, now
        self.locale = Locale.objects.get(language_code=paper.language)
        self.front = Front.objects.get(locale=self.locale)
        self.pictures = {p.title: p for p in Picture.objects.all()}

    def name_it(self) -> None:
        Masthead.objects.filter(locale=self.locale).update(**self.paper.outlet["masthead"])
        titles = self.paper.outlet["titles"]
        for model, kind in ((Authors, "authors"), (Topics, "topics")):
            page = model.objects.get(locale=self.locale)
            page.title = page.draft_title = titles[kind]
            page.translation_key = _key(kind, "index")
            page.save()
        Front.objects.filter(pk=self.front.pk).update(
            title=titles["front"], draft_title=titles["front"]
        )

    def open_sections(self) -> None:
        for row in self.paper.outlet["sections"]:
            self._add("section", self.front, Section, row)
        authors = Authors.objects.get(locale=self.locale)
        for row in self.paper.outlet["authors"]:
            portrait = self.pictures[f"portrait-{row['slug']}"]
            self._add("author", authors, Author, row | {"portrait": portrait})
        topics = Topics.objects.get(locale=self.locale)
        for row in self.paper.outlet["topics"]:
            self._add("topic", topics, Topic, row)

    def take_in(self, draft: Draft) -> None:
        """Give the story its place and its day; what it says comes with `publish`."""
        published_at = draft.published_at(now=self.now)
        row = {
            "slug": draft.key,
            "title": draft.headline,
            "kicker": draft.kicker,
            "standfirst": draft.standfirst,
            "first_published_at": published_at,
            "last_published_at": published_at,
            "is_sensitive": draft.sensitive,
        }
        self._add("story", self._page("section", draft.section), Story, row)

    def publish(self, draft: Draft) -> None:
        story = Story.objects.get(pk=self._page("story", draft.key).pk)
        if story.live_revision_id:
            return
        if draft.picture:
            story.lead_picture = self.pictures[draft.picture]
            story.lead_alt = self.paper.alts[draft.picture]
            story.lead_caption = draft.caption
            story.lead_credit = self.paper.outlet["titles"]["credit"]
        story.body = self._body(draft.text)
        story.revised_at = draft.revised_at(now=self.now)
        story.bylines = [Byline(author=self._page("author", a)) for a in draft.authors]
        story.story_topics = [StoryTopic(topic=self._page("topic", t)) for t in draft.topics]
        story.read_more_picks = [
            ReadMorePick(story=self._page("story", key)) for key in draft.read_more
        ]
        story.corrections = [
            Correction(corrected_on=day, text=text) for day, text in draft.corrected(now=self.now)
        ]
        story.save_revision(user=self.by).publish(user=self.by)
        # To the reader it has been there since its day, not since the demo was made.
        Story.objects.filter(pk=story.pk).update(last_published_at=story.first_published_at)

    def lay_out_pages(self) -> None:
        for key, (title, _) in self.paper.pages.items():
            self._add("page", self.front, PlainPage, {"slug": key, "title": title})

    def publish_pages(self) -> None:
        for key, (_, text) in self.paper.pages.items():
            page = PlainPage.objects.get(translation_key=_key("page", key), locale=self.locale)
            if not page.live_revision_id:
                page.body = self._body(text)
                page.save_revision(user=self.by).publish(user=self.by)

    def set_front(self) -> None:
        front = Front.objects.get(pk=self.front.pk)
        if front.lead_id:
            return
        chosen = self.paper.outlet["front"]
        front.lead = self._page("story", chosen["lead"])
        front.picks = [FrontPick(story=self._page("story", key)) for key in chosen["second"]]
        front.save_revision(user=self.by).publish(user=self.by)

    def _add(self, kind: str, parent: Page, model: type[Page], row: dict[str, Any]) -> None:
        key = _key(kind, row["slug"])
        if not Page.objects.filter(translation_key=key, locale=self.locale).exists():
            page = model(**row, translation_key=key, locale=self.locale, owner=self.by)
            Page.objects.get(pk=parent.pk).add_child(instance=page)

    def _page(self, kind: str, slug: str) -> Any:
        model = {"story": Story, "author": Author, "topic": Topic, "section": Section}.get(
            kind, Page
        )
        return model.objects.get(translation_key=_key(kind, slug), locale=self.locale)

    def _body(self, text: str) -> str:
        desk = Desk(
            picture=lambda name: self.pictures[name].pk,
            page=self._linked,
            alt=lambda name: self.paper.alts[name],
        )
        return json.dumps(desk.blocks(text))

    def _linked(self, slug: str) -> int:
        keys = [_key("story", slug), _key("page", slug)]
        return Page.objects.get(translation_key__in=keys, locale=self.locale).pk


def _key(kind: str, slug: str) -> UUID:
    """The same for the same thing in every language, so that each finds its translations."""
    return uuid5(NAMESPACE_URL, f"demo:{kind}/{slug}")
