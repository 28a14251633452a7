"""What a camera adds to a picture reaches neither the disk nor a reader."""

from hashlib import sha1
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageSequence
from wagtail.images.forms import get_image_form

from tamizdat.stories.developing import develop
from tamizdat.stories.models import Picture, PictureRow
from tamizdat.stories.stripping import Unreadable, stripped
from tamizdat.theme.pictures import SHAPES, sources_of
from tests.stories.photographs import photograph, tells

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_left_but_the_picture(format):
    content = photograph(format)
    assert tells(content)

    bare = stripped(content)
    assert not tells(bare)
    assert (opened(bare).format, opened(bare).size) == (format, (300, 200))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_a_camera_held_sideways_stands_upright(format):
    bare = opened(stripped(photograph(format, orientation=6))).convert("RGB")

    assert bare.size == (300, 200)
    assert bare.getpixel((150, 20))[0] > 200 > 60 > bare.getpixel((150, 20))[2]


def test_a_jpeg_keeps_its_quality_and_loses_next_to_nothing():
    content = photograph(noise=True)
    before, after = opened(content), opened(stripped(content))

    assert after.quantization == before.quantization
    pairs = zip(before.convert("L").tobytes(), after.convert("L").tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / (300 * 200) < 0.5


def test_a_png_keeps_every_pixel_and_its_transparency():
    content = photograph("PNG", mode="RGBA")

    assert opened(stripped(content)).tobytes() == opened(content).tobytes()


def test_a_moving_picture_still_moves():
    frames = [Image.new("RGB", (20, 20), (i * 99, 0, 0)) for i in range(3)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], comment=b"GPS-SECRET")
    bare = stripped(file.getvalue())

    assert len(list(ImageSequence.Iterator(opened(bare)))) == 3
    assert not tells(bare)


def test_the_second_picture_of_a_stereo_camera_is_dropped():
    file = BytesIO()
    left, right = (opened(photograph()) for _ in range(2))
    left.save(file, "MPO", save_all=True, append_images=[right])
    bare = stripped(file.getvalue())

    assert (opened(bare).format, tells(bare)) == ("JPEG", False)


def test_colours_that_a_profile_explains_keep_it():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = BytesIO()
    opened(photograph()).save(file, "JPEG", icc_profile=profile)

    assert opened(stripped(file.getvalue())).info["icc_profile"] == profile


@pytest.mark.parametrize("content", [b"", b"GIF89a", photograph()[:900], b"<svg/>"])
def test_what_cannot_be_read_is_refused(content):
    with pytest.raises(Unreadable):
        stripped(content)


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_no_file_below_the_uploads_says_where_it_was_taken(settings, tmp_path, format):
    settings.MEDIA_ROOT = tmp_path
    file = ImageFile(BytesIO(photograph(format)), name=f"quay.{format.lower()}")
    picture = Picture.objects.create(title="Quay", file=file)
    shown = sources_of(PictureRow.of(picture), SHAPES["lead"])
    for source in shown.sources:
        develop(source.candidates[0].url.removeprefix("/media/"))
    picture.get_rendition("max-165x165")

    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert not [file for file in files if tells(file.read_bytes())]


@pytest.mark.django_db
def test_the_row_describes_the_file_that_was_stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = ImageFile(BytesIO(photograph(orientation=6)), name="quay.jpg")
    picture = Picture.objects.create(title="Quay", file=file)
    again = Picture.objects.get()

    assert (again.width, again.height) == (300, 200)
    assert again.file_size == again.file.size
    stored, said = again.file_hash, picture.file_hash
    again._set_file_hash()
    assert stored == said == again.file_hash


@pytest.mark.django_db
def test_what_the_desk_uploads_is_stripped_and_its_row_agrees(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("quay.jpg", photograph(), "image/jpeg")
    form = get_image_form(Picture)({"title": "Quay", "collection": 1}, {"file": file})
    assert not form.errors
    picture = form.save()
    stored = (tmp_path / picture.file.name).read_bytes()

    assert not tells(stored)
    assert (picture.file_size, picture.file_hash) == (len(stored), sha1(stored).hexdigest())
