"""Read more for many stories at once: what `Story.keep_read_more` would choose for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wagtail.models import Page

from tamizdat.stories.importing import rows
from tamizdat.stories.models import KeptReadMore, Story, StoryTopic

_Rank = tuple[datetime, int]  # when it was published, its number


@dataclass(frozen=True, slots=True)
class GoingLive:
    pk: int
    published_at: datetime
    path: str  # in the tree of pages
    topics: Sequence[int]


@dataclass(slots=True)
class Following:
    """Of every topic, every section and the whole language the newest few that are live."""

    locale_id: int
    _newest: dict[Any, list[_Rank]] = field(default_factory=dict)
    _is_read: bool = False

    def forget(self) -> None:
        """Something that was live changed: read it anew before the next choice."""
        self._newest, self._is_read = {}, False

    def keep(self, stories: Sequence[GoingLive]) -> None:
        """Choose what follows each of these, that go live one after the other."""
        if not self._is_read:
            self._read(without={story.pk for story in stories})
        pks = [story.pk for story in stories]
        have = set(KeptReadMore.objects.filter(of_id__in=pks).values_list("of_id", flat=True))
        kept = []
        for story in stories:
            if story.pk not in have:
                kept += [(story.pk, pk, at) for at, pk in enumerate(self._choose(story))]
            for key in (None, _section(story.path), *dict.fromkeys(story.topics)):
                self._add(key, (story.published_at, story.pk))
        rows.insert(KeptReadMore, ["of_id", "story_id", "position"], kept)

    def _choose(self, story: GoingLive) -> list[int]:
        sharing = {rank for topic in story.topics for rank in self._newest.get(topic, ())}
        nearest = [
            *sorted(sharing, reverse=True)[: Story.READ_MORE],
            *self._newest.get(_section(story.path), ()),
            *self._newest.get(None, ()),
        ]
        return list(dict.fromkeys(pk for _at, pk in nearest))[: Story.READ_MORE]

    def _add(self, key: Any, rank: _Rank) -> None:
        ranks = self._newest.setdefault(key, [])
        ranks.append(rank)
        ranks.sort(reverse=True)
        del ranks[Story.READ_MORE :]

    def _read(self, *, without: set[int]) -> None:
        self._is_read = True
        live = Story.objects.live().filter(locale=self.locale_id, first_published_at__isnull=False)
        stories = live.order_by("-first_published_at", "-pk")
        for pk, at, path in stories.values_list("pk", "first_published_at", "path").iterator():
            if pk not in without:
                self._end_with([None, _section(path)], (at, pk))
        labels = StoryTopic.objects.filter(of__in=live).order_by("-of__first_published_at", "-of")
        named = labels.values_list("topic_id", "of__first_published_at", "of_id").distinct()
        for topic, at, pk in named.iterator():
            if pk not in without:
                self._end_with([topic], (at, pk))

    def _end_with(self, keys: Iterable[Any], rank: _Rank) -> None:
        for key in keys:
            ranks = self._newest.setdefault(key, [])
            if len(ranks) < Story.READ_MORE:
                ranks.append(rank)


def _section(path: str) -> str:
    return path[: -Page.steplen]
