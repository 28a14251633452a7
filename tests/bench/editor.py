"""The six edits that are measured: each is prepared, then pressed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from tamizdat.outlet.addresses import file_of
from tamizdat.stories.models import Author, Byline, Section, Story, StoryTopic
from tests.bench.desk import Desk, body_of, form_of
from tests.bench.edits import Files

Pressed = Callable[[], Files]
NEWEST = ("-first_published_at", "-pk")


class Editor:
    """Works in the first language. All forms are filled in before the clock starts."""

    def __init__(self) -> None:
        self.desk = Desk()
        stories = Story.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
        self.newest = list(stories.order_by(*NEWEST)[:20])
        self.old = stories.order_by(*NEWEST)[stories.count() // 2]
        self.edits: dict[str, Callable[[int], Pressed]] = {
            "typo": self.typo,
            "headline": self.headline,
            "new": self.new,
            "author": self.author,
            "unpublish": self.unpublish,
            "menu": self.menu,
        }

    def typo(self, number: int) -> Pressed:
        story = _fresh(self.old)
        body = body_of(story)
        place = [n for n, (kind, _) in enumerate(body) if kind == "paragraph"][3]
        word = f"mistyped{number}"
        body[place] = ("paragraph", body[place][1].replace('"text": "', f'"text": "{word} ', 1))
        return self._publish(story, {_file(story): word}, body=body)

    def headline(self, number: int) -> Pressed:
        story = _fresh(self.newest[0])
        title = f"Headline {number}"
        section = story.get_parent().specific
        files: Files = {_file(page): title for page in (story, section, _front(section))}
        return self._publish(story, files, title=title)

    def new(self, number: int) -> Pressed:
        model = _fresh(self.newest[1])
        section = model.get_parent().specific
        title, slug = f"A new story {number}", f"a-new-story-{number}"
        story = Story(title=title, slug=slug, standfirst=model.standfirst, body=model.body)
        story.bylines = [Byline(author_id=row.author_id) for row in model.bylines.all()]
        story.story_topics = [StoryTopic(topic_id=r.topic_id) for r in model.story_topics.all()]
        file = _file(section).parent / slug / "index.html"
        files: Files = dict.fromkeys((file, _file(section), _file(_front(section))), title)
        return self._publish(story, files, at=f"add/stories/story/{section.pk}")

    def author(self, number: int) -> Pressed:
        author = _fresh(self.old.bylines.first().author, Author)
        newest = Story.objects.live().filter(bylines__author=author).order_by(*NEWEST).first()
        title = f"Ana Renamed{number}"
        return self._publish(author, {_file(author): title, _file(newest): title}, title=title)

    def unpublish(self, number: int) -> Pressed:
        story = _fresh(self.newest[4 + number])

        def press() -> Files:
            self.desk.unpublish(story)
            return {_file(story): None}

        return press

    def menu(self, number: int) -> Pressed:
        section = _fresh(self.old.get_parent(), Section)
        title = f"Harbour {number}"
        files: Files = {_file(_front(section)): title, _file(self.old): title}
        return self._publish(section, files, title=title)

    def _publish(self, page: Any, files: Files, *, at: str = "", **changed: Any) -> Pressed:
        form = form_of(page, **changed)
        at = at or f"{page.pk}/edit"

        def press() -> Files:
            self.desk.publish(form, at=at)
            return files

        return press


def _fresh(page: Any, model: Any = Story) -> Any:
    return model.objects.get(pk=page.pk)


def _front(section: Any) -> Any:
    return section.get_parent().specific


def _file(page: Any) -> Path:
    return Path(settings.SITE_ROOT) / file_of(unquote(page.url))
