"""What is baked beside the pages of the tree: higher apps register their own files here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    path: str  # in the tree, without a leading slash: `404.html`, `give/index.html`
    render: Callable[[], bytes]
    content_type: str


Source = Callable[[], Iterable[Target]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Have `source` asked for its targets at every bake. Usable as a decorator."""
    _sources.append(source)
    return source


def all_targets() -> Iterator[Target]:
    for source in list(_sources):
        yield from source()
