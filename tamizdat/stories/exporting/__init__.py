"""All that the stories app holds, as files that need no software of ours."""

from collections.abc import Iterator

from tamizdat.lib.crate import Piece
from tamizdat.stories.exporting import files, pages, redirects
from tamizdat.stories.exporting.site import Site


def count() -> int:
    """About how many pieces there will be."""
    return pages.count() + files.count()


def pieces() -> Iterator[Piece]:
    site = Site.as_it_is()
    yield from pages.pieces(site)
    yield from files.pieces()
    yield redirects.piece(site)
