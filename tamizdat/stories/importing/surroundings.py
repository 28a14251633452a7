"""What the body of an item can refer to: pictures, links, blocks that are used again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FoundPicture:
    pk: int
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    picture: Callable[[str, str], FoundPicture | None]  # by its address and attachment number
    link: Callable[[str], str]  # where an old address leads now
    page_at: Callable[[str], int | None]  # which page has this root-relative address
    attached: Sequence[str] = ()  # attachment numbers that a gallery without any means
    reusable: Mapping[str, str] = field(default_factory=dict)
    footnotes: str = ""  # WordPress keeps the texts beside the body, as JSON
    language: str = ""  # of the page
