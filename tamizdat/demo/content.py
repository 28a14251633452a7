"""What the demo newsroom prints: read from `content/`, one folder a language, one file a story."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "ru", "fa")
# The newest stories are of the day that began at least this long ago, so none is of tomorrow.
MORNING = timedelta(hours=8)
REVISED_AT = time(7, 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A story as it was handed in. Ages are days before the newest morning."""

    key: str  # the same in every language that has it
    text: str
    headline: str
    standfirst: str
    section: str
    authors: list[str]
    topics: list[str]
    days: int
    time: str
    kicker: str = ""
    picture: str = ""
    caption: str = ""
    revised: int | None = None
    sensitive: bool = False
    read_more: list[str] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)

    def published_at(self, *, now: datetime) -> datetime:
        return _at(_morning(now, self.days), time.fromisoformat(self.time))

    def revised_at(self, *, now: datetime) -> datetime | None:
        return None if self.revised is None else _at(_morning(now, self.revised), REVISED_AT)

    def corrected(self, *, now: datetime) -> list[tuple[date, str]]:
        return [(_morning(now, fix["days"]), fix["text"]) for fix in self.corrections]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the newsroom prints in one language."""

    language: str
    outlet: Mapping[str, Any]  # outlet.toml: masthead, front, sections, authors, topics
    alts: Mapping[str, str]  # what each picture shows
    stories: list[Draft]  # newest first
    pages: Mapping[str, tuple[str, str]]  # key → title and text


def load(language: str) -> Paper:
    folder = CONTENT / language
    stories = [
        Draft(key=path.stem, text=text, **head)
        for path in sorted((folder / "stories").glob("*.md"))
        for head, text in [_split(path)]
    ]
    pages = {path.stem: _split(path) for path in sorted((folder / "pages").glob("*.md"))}
    return Paper(
        language=language,
        outlet=tomllib.loads((folder / "outlet.toml").read_text("utf-8")),
        alts=tomllib.loads((folder / "pictures.toml").read_text("utf-8")),
        stories=sorted(stories, key=lambda draft: (draft.days, draft.time)),
        pages={key: (head["title"], text) for key, (head, text) in pages.items()},
    )


def _split(path: Path) -> tuple[dict[str, Any], str]:
    """The TOML between two lines of `+++`, and the text after it."""
    _, head, text = path.read_text("utf-8").split("+++\n", 2)
    return tomllib.loads(head), text.strip()


def _morning(now: datetime, days: int) -> date:
    return (now - MORNING).date() - timedelta(days=days)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=UTC)
