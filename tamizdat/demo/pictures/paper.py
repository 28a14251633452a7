"""Cut paper: flat shapes in layers, each with the shadow it throws on the one below, and grain."""

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Box = tuple[int, int, int, int]

INK: Final = "#191d26"
NIGHT: Final = "#22304a"
SLATE: Final = "#3b4f63"
SEA: Final = "#4f7480"
MIST: Final = "#a9b8b4"
FOAM: Final = "#d9ddd0"
PAPER: Final = "#f1e8d6"
SAND: Final = "#e3bd8b"
CLAY: Final = "#c27e5c"
RUST: Final = "#8f4a3c"
SIGNAL: Final = "#b3261e"
LAMP: Final = "#f6cf7a"
MOSS: Final = "#6c7a5b"
PINE: Final = "#33493f"

FINE = 2  # shapes are cut this much finer than they are printed


class Cut:
    """Scissors: what they cut out of one sheet, or, with `out=True`, out of the hole itself."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
        self._draw = ImageDraw.Draw(self.mask)

    def shape(self, *points: Point, out: bool = False) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=0 if out else 255)

    def box(self, x: float, y: float, width: float, height: float, *, out: bool = False) -> None:
        self.shape((x, y), (x + width, y), (x + width, y + height), (x, y + height), out=out)

    def disc(
        self, x: float, y: float, across: float, down: float = 0, *, out: bool = False
    ) -> None:
        """A round of radius `across`, or an oval."""
        down = down or across
        corners = [(x - across) * FINE, (y - down) * FINE, (x + across) * FINE, (y + down) * FINE]
        self._draw.ellipse(corners, fill=0 if out else 255)

    def strip(self, *points: Point, width: float, out: bool = False) -> None:
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(scaled, fill=0 if out else 255, width=round(width * FINE), joint="curve")

    def waves(self, y: float, *, height: float, length: float, shift: float = 0) -> None:
        """Everything below a wavy edge."""
        width = self.mask.width / FINE
        bottom = self.mask.height / FINE
        edge = [
            (x, y + height * math.sin((x + shift) / length * math.tau))
            for x in range(0, int(width) + 8, 8)
        ]
        self.shape(*edge, (width, bottom), (0, bottom))


class Sheet:
    """A picture in the making. `chance` is seeded: the same name gives the same picture."""

    def __init__(self, seed: str, ground: str, size: tuple[int, int] = (1600, 1000)) -> None:
        self.image = Image.new("RGB", size, ground)
        self.chance = random.Random(seed)  # noqa: S311 - a drawing keeps no secret

    @contextmanager
    def cut(self, colour: str, *, lift: float = 8, strength: float = 1) -> Iterator[Cut]:
        """Lay on a sheet of `colour`, held `lift` pixels above the one below."""
        scissors = Cut(self.image.size)
        yield scissors
        mask = scissors.mask.reduce(FINE)
        if not (box := mask.getbbox()):
            return
        if lift:
            self._throw_shadow(mask, box, lift)
        paper = mask.crop(box)
        if strength < 1:
            paper = paper.point(lambda value: round(value * strength))
        self.image.paste(colour, box[:2], paper)

    def _throw_shadow(self, mask: Image.Image, box: Box, lift: float) -> None:
        wide = 4 * math.ceil(lift)  # as far as it blurs
        left, top = (max(0, edge - wide) // 4 * 4 for edge in box[:2])
        right, bottom = (
            min(whole, -(-(edge + wide) // 4) * 4)
            for edge, whole in zip(box[2:], mask.size, strict=True)
        )
        near = mask.crop((left, top, right, bottom))
        small = near.reduce(4).filter(ImageFilter.GaussianBlur(lift / 4))
        shadow = small.point(lambda value: value * 2 // 5).resize(near.size)
        self.image.paste("#0b0e14", (left, top + round(lift * 0.7)), shadow)

    def jpeg(self) -> bytes:
        printed = ImageChops.overlay(self.image, _grain(self.image.size))
        out = BytesIO()
        printed.save(out, "JPEG", quality=84, optimize=False, progressive=False)
        return out.getvalue()


@cache
def _grain(size: tuple[int, int]) -> Image.Image:
    """Paper: fine tooth, and cloudiness as of an uneven pulp."""
    tooth = _noise(size, spread=34).filter(ImageFilter.GaussianBlur(0.7))
    pulp = _noise((size[0] // 25, size[1] // 25), spread=26).resize(size, Image.Resampling.BICUBIC)
    fibres = _noise((size[0] // 8, size[1]), spread=16).resize(size)
    grey = ImageChops.add(ImageChops.add(tooth, pulp, 2), fibres, 2)
    centred = grey.point(lambda value: 128 + (value - 128) * 2)
    return Image.merge("RGB", (centred, centred, centred))


def _noise(size: tuple[int, int], *, spread: int) -> Image.Image:
    bytes_ = random.Random(f"{size}").randbytes(size[0] * size[1])  # noqa: S311
    return Image.frombytes("L", size, bytes_).point(
        lambda value: 128 + round((value - 128) * spread / 128)
    )


def spread(first: float, last: float, count: int) -> Sequence[float]:
    """`count` places from `first` to `last`, both included."""
    return [first + (last - first) * i / (count - 1) for i in range(count)]
