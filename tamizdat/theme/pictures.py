"""Pictures in the widths a page needs, with their sizes written down so that nothing moves.

All of it is arithmetic on rows: the files are made when a page that names them is baked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tamizdat.stories.developing import Derived, size_of
from tamizdat.stories.models import PictureRow

MEDIA = "/media/"
FALLBACK = "jpg"


@dataclass(frozen=True)
class Shape:
    """How a place on the page wants its pictures: in these widths, cropped like this."""

    widths: Mapping[str, tuple[int, ...]]  # by format, the lightest first
    sizes: str  # what the browser is told of the place's width
    crop: str = ""


@dataclass(frozen=True)
class Candidate:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Source:
    """One format of a picture; the browser takes the first that it knows."""

    type: str
    candidates: list[Candidate]

    @property
    def srcset(self) -> str:
        return ",".join(f"{each.url} {each.width}w" for each in self.candidates)


@dataclass(frozen=True)
class Sources:
    sources: list[Source]
    fallback: Candidate
    sizes: str


def _widths(*widths: int, webp: int, jpg: int) -> dict[str, tuple[int, ...]]:
    """Every width in AVIF, the first `webp` of them in WebP, and one JPEG."""
    return {"avif": widths, "webp": widths[:webp], FALLBACK: (jpg,)}


SHAPES = {
    "lead": Shape(_widths(480, 960, 1440, webp=2, jpg=960), "(min-width:56rem) 51rem, 100vw"),
    "body": Shape(_widths(480, 960, webp=2, jpg=960), "(min-width:41rem) 38rem, 100vw"),
    "front": Shape(_widths(480, 960, 1440, webp=2, jpg=960), "(min-width:56rem) 44rem, 100vw", "c"),
    "second": Shape(_widths(480, 960, webp=2, jpg=480), "(min-width:56rem) 22rem, 100vw", "c"),
    "card": Shape(_widths(240, 480, webp=2, jpg=240), "(min-width:48rem) 13rem, 7rem", "c"),
    "portrait": Shape(_widths(160, 320, webp=2, jpg=320), "8rem", "s"),
    "poster": Shape(_widths(480, 960, webp=2, jpg=960), "(min-width:41rem) 38rem, 100vw", "w"),
}


def sources_of(row: PictureRow, shape: Shape) -> Sources | None:
    """What a page shows of a picture; None if its file is lost."""
    if row.is_lost or not row.file_hash:
        return None
    *sources, (fallback, *_) = (
        _candidates(row, shape, format, widths) for format, widths in shape.widths.items()
    )
    types = (f"image/{format}" for format in shape.widths)
    return Sources(list(map(Source, types, sources)), fallback, shape.sizes)


def _candidates(
    row: PictureRow, shape: Shape, format: str, widths: tuple[int, ...]
) -> list[Candidate]:
    """A small original is never enlarged, so several widths may come out as one."""
    made: dict[int, Candidate] = {}
    for width in widths:
        size = size_of(row, width=width, crop=shape.crop)
        derived = Derived.of(row, width=width, crop=shape.crop, format=format)
        made.setdefault(size[0], Candidate(MEDIA + derived.name, *size))
    return list(made.values())
