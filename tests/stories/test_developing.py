"""A derived picture: what its row says of it is what its file is."""

import shutil
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from tamizdat.stories import developing
from tamizdat.stories.developing import BUDGET_BYTES, CROPS, Derived, Lost, NoSuchPicture, develop
from tamizdat.stories.models import Picture, PictureRow
from tests.stories.photographs import photograph

FORMATS = ["avif", "webp", "jpg"]


@pytest.fixture
def media(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add_picture(*, focus=None, **how):
    file = ImageFile(BytesIO(photograph(**how)), name="quay.jpg")
    names = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
    focal = dict(zip(names, focus or (), strict=False))
    return Picture.objects.create(title="Quay", file=file, **focal)


def derived(picture, width=480, crop="", format="webp"):
    return Derived.of(PictureRow.of(picture), width=width, crop=crop, format=format)


@pytest.mark.parametrize(
    "how",
    [
        {"size": (1600, 1000)},
        {"size": (700, 1201)},
        {"size": (333, 2999)},
        {"size": (61, 37)},
        {"size": (1, 700)},
        {"size": (1501, 999), "orientation": 6},
        {"size": (1600, 1000), "focus": (1590, 10, 60, 60)},
        {"size": (500, 900), "focus": (100, 800, 499, 10)},
        {"size": (301, 120), "focus": (275, 100, 409, 148)},
    ],
    ids=str,
)
@pytest.mark.parametrize("crop", CROPS)
def test_the_size_that_was_said_is_the_size_of_the_file(media, how, crop):
    picture = add_picture(**how)
    for width in (240, 960):
        said = developing.size_of(PictureRow.of(picture), width=width, crop=crop)
        with Image.open(develop(derived(picture, width, crop).name)) as made:
            assert made.size == said
        assert said[0] <= min(width, picture.width)
        assert said[1] <= picture.height


@given(
    size=st.tuples(st.integers(1, 9000), st.integers(1, 9000)),
    focus=st.none() | st.tuples(*[st.integers(1, 9000)] * 4),
    width=st.sampled_from(list(BUDGET_BYTES)),
    crop=st.sampled_from(list(CROPS)),
)
@example(size=(391, 261), focus=(416, 1, 1, 1), width=480, crop="c")
def test_no_picture_is_enlarged_or_nothing(size, focus, width, crop):
    row = PictureRow(1, "a.jpg", "0" * 40, *size, *(focus or ()))
    said = developing.size_of(row, width=width, crop=crop)

    assert min(said) >= 1
    assert all(a <= b for a, b in zip(said, (min(width, size[0]), size[1]), strict=True))


def test_a_crop_keeps_what_the_desk_pointed_at(media):
    picture = add_picture(size=(900, 300), focus=(30, 150, 40, 40))
    with Image.open(develop(derived(picture, 160, "s").name)) as made:
        first = made.convert("RGB").crop((0, 0, 160, 70)).getpixel((80, 30))

    assert first[0] > 200
    assert derived(picture, 160, "s").name != derived(add_picture(size=(900, 300)), 160, "s").name


def test_another_focal_point_is_another_name_for_crops_alone(media):
    picture = add_picture(size=(900, 300))
    whole, card = derived(picture).name, derived(picture, crop="c").name
    picture.focal_point_x = picture.focal_point_y = 20

    assert derived(picture).name == whole
    assert derived(picture, crop="c").name != card


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("crop", CROPS)
def test_a_name_can_be_read_back(media, crop, format):
    one = derived(add_picture(focus=(20, 20, 9, 9)), crop=crop, format=format)

    assert Derived.named(one.name) == one


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_picture_is_the_same_bytes(media, format):
    name = derived(add_picture(size=(900, 600), noise=True), format=format).name
    first = develop(name).read_bytes()
    develop(name).unlink()

    assert develop(name).read_bytes() == first


def test_it_does_not_matter_which_size_was_asked_for_first(media):
    """Several are made from pixels that were read once."""
    picture = add_picture(size=(600, 360), noise=True)
    names = [derived(picture, width, crop).name for width in (160, 480) for crop in CROPS]
    made = {name: develop(name).read_bytes() for name in names}
    shutil.rmtree(media / developing.STORE)
    develop(derived(add_picture(size=(90, 60))).name)

    assert {name: develop(name).read_bytes() for name in reversed(names)} == made


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_what_is_much_larger_than_any_page_shows_it_is_the_same_picture(media, format):
    picture = add_picture(size=(3600, 2400), format=format)

    with Image.open(develop(derived(picture, format="jpg").name)) as made:
        above, below = (made.getpixel((240, down)) for down in (153, 166))
    assert above[0] > 240 > 15 > above[2]
    assert below[2] > 240 > 15 > below[0]


@pytest.mark.parametrize("format", FORMATS)
def test_noise_is_within_its_budget_too(media, format):
    picture = add_picture(size=(1000, 2400), noise=True)

    for width in (160, 480):
        file = develop(derived(picture, width, format=format).name)
        assert file.stat().st_size <= developing.budget_bytes(width, format)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16"])
def test_a_picture_of_any_kind_becomes_colours_on_white(media, mode):
    file = BytesIO()
    paper = (
        Image.new("RGBA", (30, 20), (0, 0, 0, 0)) if mode == "RGBA" else Image.new(mode, (30, 20))
    )
    paper.save(file, "PNG")
    picture = Picture.objects.create(title="x", file=ImageFile(file, name="x.png"))

    with Image.open(develop(derived(picture, format="jpg").name)) as made:
        expected = 255 if mode in ("RGBA", "LA") else 0
        assert (made.mode, made.getpixel((5, 5))) == ("RGB", (expected,) * 3)


def test_a_picture_for_print_is_shown_in_the_colours_of_a_screen(media):
    picture = add_picture(mode="CMYK")

    with Image.open(develop(derived(picture, format="jpg").name)) as made:
        assert made.mode == "RGB"
        assert made.getpixel((150, 20))[0] > 180


@pytest.mark.parametrize(
    "name", ["q/../../secret", "q/0123456789abcdef-481.webp", "q/0123456789abcdef-480.webp", "q/"]
)
def test_a_name_that_is_nobodys_is_refused(media, name):
    with pytest.raises(NoSuchPicture):
        develop(name)


def test_naming_asks_and_writes_nothing(media):
    row = PictureRow.of(add_picture())

    with CaptureQueriesContext(connection) as queries:
        one = Derived.of(row, width=480, crop="c", format="avif")
        developing.size_of(row, width=480, crop="c")
    assert not queries.captured_queries
    assert not (media / one.name).exists()


def test_a_picture_whose_file_is_gone_is_marked_until_it_is_back(media):
    picture = add_picture()
    kept = (media / picture.file.name).read_bytes()
    (media / picture.file.name).unlink()
    with pytest.raises(Lost, match="Quay"):
        develop(derived(picture).name)
    assert [each.title for each in developing.look_for_lost()] == ["Quay"]

    (media / picture.file.name).write_bytes(kept)
    assert developing.look_for_lost() == []
    assert develop(derived(picture).name).exists()


def test_of_two_rows_with_one_file_either_will_do(media):
    first, second = add_picture(), add_picture(focus=(20, 20, 9, 9))

    assert first.file_hash == second.file_hash
    for picture in (first, second):
        assert develop(derived(picture, crop="s").name).exists()
