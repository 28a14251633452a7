"""Derived pictures: named by what they are made of, made when first asked for, then kept.

A name is `q/<hash>[-<focal key>]-<width><crop>.<format>`, below /media/ for a reader and below
MEDIA_ROOT on disk. Whoever has a `PictureRow` can say the name and the size without looking at
any file; whoever has the name can have the file made.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageCms
from wagtail.images.image_operations import FillOperation, ImageTransform, MinMaxOperation

from tamizdat.stories.fitting import fitted
from tamizdat.stories.models.picture import Picture, PictureRow
from tamizdat.stories.stripping import opened

# Where derived pictures live. They are never made again under a name they have, so another way
# of making them, or another budget, needs another letter.
STORE = "q"
CROPS = {"": None, "c": 3 / 2, "s": 1.0, "w": 16 / 9}  # whole, card, square, wide
# What one AVIF may weigh, by width, and how many times as much the older formats may. The widths
# of a phone come whole through a network that cuts connections at 16 KB.
BUDGET_BYTES = {160: 3_000, 240: 5_000, 320: 7_000, 480: 12_000, 960: 36_000, 1440: 60_000}
BUDGET_TIMES = {"avif": 1.0, "webp": 1.5, "jpg": 2.0}
# A picture is read in no more detail than this, where it has twice as much or more.
ENOUGH = (1800, 1200)
KEPT_PIXELS = 9_000_000  # 36 MB; only what is very long or tall is more, and read each time
_NAME = re.compile(rf"{STORE}/([0-9a-f]{{16}})(?:-([0-9a-f]{{4}}))?-(\d+)([csw]?)\.(avif|webp|jpg)")
_WHITE = (255, 255, 255, 255)


class NoSuchPicture(LookupError):
    """No picture of the newsroom has this name. Its page is of yesterday, or never was ours."""


class Lost(LookupError):
    """The picture is known, but its file is not there or cannot be read any more."""


@dataclass(frozen=True)
class Derived:
    """One picture in one size, crop and format."""

    file_hash: str  # the first 16 digits
    focal_key: str  # empty for what is not cropped, or cropped around its middle
    width: int
    crop: str
    format: str

    @classmethod
    def of(cls, row: PictureRow, *, width: int, crop: str, format: str) -> "Derived":
        return cls(row.file_hash[:16], _focal_key(row) if crop else "", width, crop, format)

    @classmethod
    def named(cls, name: str) -> "Derived":
        """Raises NoSuchPicture for any name but those that `of` could give."""
        match = _NAME.fullmatch(name)
        if not match or int(match[3]) not in BUDGET_BYTES:
            raise NoSuchPicture(name)
        return cls(match[1], match[2] or "", int(match[3]), match[4], match[5])

    @property
    def name(self) -> str:
        focal = f"-{self.focal_key}" if self.focal_key else ""
        return f"{STORE}/{self.file_hash}{focal}-{self.width}{self.crop}.{self.format}"

    def of_picture(self, picture: Picture) -> bool:
        row = PictureRow.of(picture)
        return (_focal_key(row) if self.crop else "") == self.focal_key


def budget_bytes(width: int, format: str) -> int:
    return round(BUDGET_BYTES[width] * BUDGET_TIMES[format])


def size_of(row: PictureRow, *, width: int, crop: str) -> tuple[int, int]:
    """How large the derived picture is, never larger than the original."""
    return _size(row, _transform(row, _operation(width, crop)))


def develop(name: str) -> Path:
    """The file of a derived name, made now if it was not there. Two makers make the same bytes.

    Raises NoSuchPicture, or Lost: then the picture is marked, and pages leave it out.
    """
    file = Path(settings.MEDIA_ROOT) / name
    derived = Derived.named(name)
    if not file.exists():
        negative = _cut(_picture_of(derived), _operation(derived.width, derived.crop))
        budget = budget_bytes(derived.width, derived.format)
        keep(file, fitted(negative, format=derived.format, budget=budget))
    return file


def cut(picture: Picture, *, width: int, height: int) -> Image.Image:
    """The picture's pixels, cropped around its focal point; smaller if the original is.

    Raises Lost.
    """
    return _cut(picture, FillOperation("fill", f"{width}x{height}"))


def key_of(row: PictureRow) -> str:
    """Another one when the picture, or what is cropped out of it, is another."""
    return row.file_hash[:16] + _focal_key(row)


def look_for_lost() -> list[Picture]:
    """The pictures whose file is still not there. Those that are back are shown again."""
    lost = []
    for picture in Picture.objects.filter(is_lost=True).order_by("pk"):
        if picture.file.storage.exists(picture.file.name):
            picture.is_lost = False
            picture.save(update_fields=["is_lost"])
        else:
            lost.append(picture)
    return lost


def _focal_key(row: PictureRow) -> str:
    if row.get_focal_point() is None:
        return ""
    point = (row.focal_point_x, row.focal_point_y, row.focal_point_width, row.focal_point_height)
    return hashlib.sha256(repr(point).encode()).hexdigest()[:4]


@lru_cache
def _operation(width: int, crop: str) -> Any:
    ratio = CROPS[crop]
    if ratio:
        return FillOperation("fill", f"{width}x{round(width / ratio)}")
    # A picture of a whole page of paper stays legible, one of a whole scroll stays light.
    return MinMaxOperation("max", f"{width}x{2 * width}")


def _transform(row: PictureRow, operation: Any) -> ImageTransform:
    return operation.run(ImageTransform((row.width, row.height)), row)


def _size(row: PictureRow, transform: ImageTransform) -> tuple[int, int]:
    """Rounding makes some crops a pixel larger than the picture they are cut from."""
    across, down = transform.size
    return min(across, row.width), min(down, row.height)


def _picture_of(derived: Derived) -> Picture:
    start = derived.file_hash
    # A range, not LIKE: it can use the index. "g" comes after every digit.
    same = Picture.objects.filter(file_hash__gte=start, file_hash__lt=f"{start}g").order_by("pk")
    for picture in same:
        if derived.of_picture(picture):
            return picture
    raise NoSuchPicture(derived.name)


def _cut(picture: Picture, operation: Any) -> Image.Image:
    try:
        return _negative(picture, operation)
    except (OSError, SyntaxError, ValueError) as error:
        if getattr(error, "errno", None) not in (None, errno.ENOENT):
            raise  # the disk's trouble, not the picture's
        picture.is_lost = True
        picture.save(update_fields=["is_lost"])
        raise Lost(f"the file of the picture “{picture}” is missing or broken") from error


class _Last:
    """The image that was asked for last: a page asks for a dozen files of a picture in a row."""

    def __init__(self) -> None:
        self._held: tuple[Any, Image.Image | None] = (None, None)

    def of(self, key: Any, make: Callable[[], Image.Image]) -> Image.Image:
        held, image = self._held
        if held != key or image is None:
            self._held = (None, None)  # never two at once
            image = make()
            if image.width * image.height <= KEPT_PIXELS:
                self._held = (key, image)
        return image


_last_whole, _last_negative = _Last(), _Last()


def _negative(picture: Picture, operation: Any) -> Image.Image:
    """The derived picture as pixels: cut and smaller."""
    row = PictureRow.of(picture)
    transform = _transform(row, operation)
    size, rect = _size(row, transform), transform.get_rect().round()
    which = picture.file.name, picture.file_hash
    with picture.file.open() as original:  # even if we know it: its file may be gone
        whole = _last_whole.of(which, lambda: _read(original.read()))
    shrunk = partial(_shrunk, whole, rect, of=row, to=size)
    return _last_negative.of((which, rect, size), shrunk)


def _shrunk(
    whole: Image.Image, rect: tuple[int, ...], *, of: PictureRow, to: tuple[int, int]
) -> Image.Image:
    """The part of `rect`, which is given in pixels of the original."""
    across, down = whole.width / of.width, whole.height / of.height
    left, top, right, bottom = rect
    near = max(left * across, 0), max(top * down, 0)
    far = min(right * across, whole.width), min(bottom * down, whole.height)
    return whole.resize(to, Image.Resampling.LANCZOS, box=(*near, *far), reducing_gap=3)


def _read(content: bytes) -> Image.Image:
    """All of a picture, in as much detail as any derived one needs."""
    with opened(content) as image:
        image.draft(None, ENOUGH)  # a JPEG can be read at a half, a quarter or an eighth
        whole = _flat(image)
    times = min(whole.width // ENOUGH[0], whole.height // ENOUGH[1])
    if times > 1:
        whole = whole.reduce(times)
    whole.info = {}  # the profile of the original is not that of the pixels any more
    return whole


def _flat(image: Image.Image) -> Image.Image:
    """In sRGB, on white where there were holes."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey, which "RGB" would cut off instead of scale
        image = image.point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, _WHITE)
        paper.alpha_composite(image)
        image = paper.convert("RGB")
    return _in_srgb(image, profile)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: what the pixels say is the best there is
        else:
            return converted or image
    return image.convert("RGB")


def keep(file: Path, content: bytes) -> None:
    """Whole or not at all: two may develop the same picture at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as written:
        written.write(content)
    os.chmod(draft, 0o644)  # a web server of another user reads it
    os.replace(draft, file)
