"""What each generated story is about, before a word of it is written. Cheap to go through again."""

import random
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tamizdat.stories.models import Story

NEWEST: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)  # not today: each run makes the same stories
SPAN: Final = timedelta(days=3650)
SECTIONS: Final = 10
HEADLINES: Final = 24  # subjects, and as many predicates and ends
EACH_PICTURED: Final = 10
EACH_CORRECTED: Final = 50
EACH_REVISED: Final = 30


@dataclass(frozen=True, slots=True)
class Size:
    """How many people and topics an archive of so many stories has, in each language."""

    stories: int

    @property
    def authors(self) -> int:
        return min(400, max(5, self.stories // 1000))

    @property
    def topics(self) -> int:
        return min(500, max(20, self.stories // 200))


@dataclass(frozen=True, slots=True)
class Outline:
    """All numbers: of a story (0 is the oldest), or a place in a list of its language."""

    number: int
    language: str
    published_at: datetime
    headline: tuple[int, int, int]
    section: int
    authors: list[int]
    topics: list[int]
    links: list[int]
    read_more: list[int]

    def is_one_of(self, each: int) -> bool:
        """True for one story of `each`, as many of them in one language as in another."""
        return self.number // 2 % each == each // 2


def outlines(size: Size, *, languages: Sequence[str]) -> Iterator[Outline]:
    """Oldest first. What follows a story are older ones: by topic, by section, by language."""
    recent: dict[tuple[str, int], deque[int]] = defaultdict(lambda: deque(maxlen=Story.READ_MORE))
    for number in range(size.stories):
        chance = chance_of(number, size=size)
        language = languages[number % len(languages)]
        section = chance.randrange(SECTIONS)
        topics = _some(chance, chance.choice((2, 2, 3, 4)), of=size.topics, skew=2)
        near = [(f"{language} topic", topic) for topic in topics]
        wider = [(f"{language} section", section), (language, 0)]
        shared = sorted({n for shelf in near for n in recent[shelf]}, reverse=True)
        others = [n for shelf in wider for n in reversed(recent[shelf])]
        earlier = (number - 1) // len(languages)  # stories of this language, but the last
        yield Outline(
            number=number,
            language=language,
            published_at=NEWEST - SPAN * (size.stories - 1 - number) / size.stories,
            headline=(chance.randrange(24), chance.randrange(24), chance.randrange(24)),
            section=section,
            authors=_some(chance, chance.choice((1, 1, 1, 2)), of=size.authors, skew=1),
            topics=topics,
            links=[
                number - len(languages) * chance.randint(1, earlier)
                for _ in range(chance.randint(0, 3) if earlier > 0 else 0)
            ],
            read_more=list(dict.fromkeys([*shared, *others]))[: Story.READ_MORE],
        )
        for shelf in [*near, *wider]:
            recent[shelf].append(number)


def chance_of(number: int, *, size: Size, what: str = "outline") -> random.Random:
    return random.Random(f"{what} {number} of {size.stories}")  # noqa: S311 - keeps no secret


def _some(chance: random.Random, count: int, *, of: int, skew: int) -> list[int]:
    """Different numbers below `of`; with a skew of two the first are far more frequent."""
    found: dict[int, None] = {}
    while len(found) < count:
        found[int(of * chance.random() ** skew)] = None
    return list(found)
