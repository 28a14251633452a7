"""Photographs as cameras and telephones leave them: they say where, when and with what."""

from io import BytesIO
from random import Random

from PIL import Image, PngImagePlugin

SECRETS = (b"Fairphone", b"GPS-SECRET", b"41.7151")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">GPS-SECRET 41.7151</x:xmpmeta>'
PLACE = {1: "N", 2: (41.0, 42.0, 54.0), 3: "E", 4: (44.0, 49.0, 38.0)}


def photograph(format="JPEG", *, size=(300, 200), orientation=1, mode="RGB", noise=False):
    """Red above, blue below as it is to be seen; the file may hold it turned."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, size[1] // 2, *size))
    if noise:
        picture.frombytes(Random(1).randbytes(size[0] * size[1] * 3))
    if orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    file = BytesIO()
    picture.convert(mode).save(file, format, **_secrets(format, orientation))
    return file.getvalue() + (b"GPS-SECRET film" if format == "JPEG" else b"")


def tells(content: bytes) -> bool:
    """Whether anything of what the camera said is still in a file."""
    with Image.open(BytesIO(content)) as image:
        image.load()
        said = [*image.getexif(), *image.getexif().get_ifd(0x8825), *image.getxmp()]
        extras = {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"} & image.info.keys()
    return bool(said or extras or any(secret in content for secret in SECRETS))


def _secrets(format, orientation):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Fairphone", orientation
    exif[0x8825] = PLACE
    if format == "GIF":
        return {"comment": b"GPS-SECRET"}
    if format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
        text.add_text("Comment", "GPS-SECRET")
        return {"exif": exif, "pnginfo": text}
    return {"exif": exif, "xmp": XMP} | ({"comment": b"GPS-SECRET"} if format == "JPEG" else {})
