"""Uploaded pictures without what a camera adds: where, when and with which camera it was taken.

The picture is written anew from its pixels, so that nothing hidden survives: no tag that we have
never heard of, no thumbnail, no film behind the last byte. A JPEG keeps its own quantisation
tables, which loses next to nothing; other still pictures lose nothing if they had lost nothing.
"""

import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin

FORMATS = {"AVIF", "GIF", "JPEG", "MPO", "PNG", "WEBP"}  # an MPO is a JPEG with a second picture
_KEPT = {"background", "duration", "icc_profile", "loop", "transparency"}


class Unreadable(ValueError):
    """No picture, a broken one, one in a format that is not shown, or far too large."""


def stripped(content: bytes) -> bytes:
    """The same picture, upright, in the same format, with nothing in it but the picture.

    Raises Unreadable.
    """
    try:
        with opened(content) as image:
            return _written(image)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable("too large" if _is_bomb(error) else "broken or no picture") from error


def opened(content: bytes) -> Image.Image:
    """The picture in `content`, however large a scan it is. Raises what Pillow raises."""
    with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
        return Image.open(BytesIO(content), formats=sorted(FORMATS - {"MPO"}))


def _is_bomb(error: Exception) -> bool:
    return isinstance(error, Image.DecompressionBombError)


def _bare(frame: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(frame).copy()
    upright.info = {key: frame.info[key] for key in _KEPT & frame.info.keys()}
    return upright


def _written(image: Image.Image) -> bytes:
    file = BytesIO()
    first = _bare(image)
    how = _manner(image, first)
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        first.save(file, "JPEG", **how)
    elif others := [_bare(frame) for frame in ImageSequence.Iterator(image)][1:]:
        first.save(file, image.format, save_all=True, append_images=others, **how)
    else:
        first.save(file, image.format, **how)
    return file.getvalue()


def _manner(image: Image.Image, first: Image.Image) -> dict[str, Any]:
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        sampling = JpegImagePlugin.get_sampling(image)
        profile = first.info.get("icc_profile")
        was = {"qtables": image.quantization, "optimize": True, "icc_profile": profile}
        return was | ({"subsampling": sampling} if sampling >= 0 else {})
    if image.format == "WEBP":
        lossless = first.mode == "RGBA"  # a drawing or a screenshot more often than a photograph
        return {"lossless": lossless, "quality": 92, "method": 2}
    return {"quality": 90, "speed": 8} if image.format == "AVIF" else {}
