"""Pictures in the widths a page needs, with their sizes written down so that nothing moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tamizdat.stories.models import Picture

FORMATS = ("webp", "jpeg")


@dataclass(frozen=True)
class Shape:
    """How a place on the page wants its pictures: these widths, cut to `ratio` if it has one."""

    widths: Sequence[int]
    sizes: str  # what the browser is told of the place's width
    ratio: float | None = None

    def specs(self, format_: str) -> list[str]:
        return [f"{self._operation(width)}|format-{format_}" for width in self.widths]

    def _operation(self, width: int) -> str:
        return f"fill-{width}x{round(width / self.ratio)}" if self.ratio else f"width-{width}"


CARD = 3 / 2
SHAPES = {
    "lead": Shape((480, 960, 1440), "(min-width:56rem) 51rem, 100vw"),
    "body": Shape((480, 960), "(min-width:41rem) 38rem, 100vw"),
    "front": Shape((480, 960, 1440), "(min-width:56rem) 44rem, 100vw", CARD),
    "second": Shape((480, 960), "(min-width:56rem) 22rem, 100vw", CARD),
    "card": Shape((240, 480), "(min-width:48rem) 13rem, 7rem", CARD),
    "portrait": Shape((160, 320), "8rem", 1.0),
    "poster": Shape((480, 960), "(min-width:41rem) 38rem, 100vw", 16 / 9),
}


def sources_of(picture: Picture, shape: Shape) -> dict[str, Any]:
    """What `theme/picture.html` shows: WebP in every width, JPEG for browsers without it."""
    webp, jpeg = (shape.specs(name) for name in FORMATS)
    made = picture.get_renditions(*webp, jpeg[len(jpeg) // 2])
    fallback = made.pop(jpeg[len(jpeg) // 2])
    # A small original is never enlarged, so several widths may come out the same.
    by_width = {rendition.width: rendition for rendition in made.values()}
    return {
        "sources": [by_width[width] for width in sorted(by_width)],
        "fallback": fallback,
        "sizes": shape.sizes,
    }
