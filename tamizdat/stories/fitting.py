"""Pixels as the bytes of a picture file, in the best quality that fits a budget of bytes.

Encoding an AVIF takes most of the time that a picture takes, so the quality is guessed from how
heavy the picture is as a plain JPEG, which takes a fiftieth of that. The same pixels are always
the same bytes.
"""

from dataclasses import dataclass
from io import BytesIO
from math import log

from PIL import Image

ENOUGH = 0.72  # of the budget: a try that comes so near is not followed by another
AIM = 0.9
PLAIN = 50  # the quality of the JPEG that is weighed
# Pixels from which an AVIF is made in a third of the time. Below, noise and stars would suffer.
MANY = 700_000


@dataclass(frozen=True)
class Scale:
    """The qualities of a format, and how heavy they are: as measured on a hundred photographs."""

    best: int  # looks good
    worst: int  # still shows what happened
    times: float  # the weight of the best, in plain JPEGs
    step: float  # the logarithm of how much lighter a quality makes it than the next better one

    def from_here(self, quality: int, *, weight: float, budget: int) -> int:
        """The quality that should just fit, when `quality` has this weight."""
        return round(quality + log(AIM * budget / weight) / self.step)


SCALES = {
    "avif": Scale(best=58, worst=4, times=0.8, step=0.035),
    "webp": Scale(best=76, worst=2, times=0.9, step=0.015),
    "jpg": Scale(best=76, worst=13, times=1.4, step=0.018),
}


def fitted(image: Image.Image, *, format: str, budget: int) -> bytes:
    """The picture in at most `budget` bytes; softened if no quality is low enough."""
    scale = SCALES[format]
    weight = scale.times * len(_jpeg(image, quality=PLAIN))
    quality = scale.from_here(scale.best, weight=weight, budget=budget)
    best, worst, fits = scale.best, scale.worst, b""
    while worst <= best:
        quality = min(max(quality, worst), best)
        content = _in_format(image, format, quality)
        if len(content) > budget:
            best = quality - 1
        elif quality == best or len(content) > ENOUGH * budget:
            return content
        else:
            worst, fits = quality + 1, content
        quality = scale.from_here(quality, weight=len(content), budget=budget)
    return fits or fitted(_softened(image), format=format, budget=budget)  # leaves in the wind


def _softened(image: Image.Image) -> Image.Image:
    """Half of the detail, in the same size."""
    half = (max(image.width // 2, 1), max(image.height // 2, 1))
    return image.resize(half).resize(image.size)


def _in_format(image: Image.Image, format: str, quality: int) -> bytes:
    match format:
        case "avif":
            speed = 9 if image.width * image.height > MANY else 8
            # On one core: others are busy with other pages, and tiles would cost bytes.
            manner = {"quality": quality, "speed": speed, "max_threads": 1, "autotiling": False}
            return _written(image, "AVIF", **manner)
        case "webp":
            return _written(image, "WEBP", quality=quality, method=2)
        case _:
            return _jpeg(image, quality=quality, optimize=True, progressive=True)


def _jpeg(image: Image.Image, **manner: int) -> bytes:
    return _written(image, "JPEG", **manner)


def _written(image: Image.Image, format: str, **manner: int) -> bytes:
    file = BytesIO()
    image.save(file, format, **manner)
    return file.getvalue()
