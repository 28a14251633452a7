"""A message with a picture: fetched by browsers, described in words, in files of the tree."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from tamizdat.appeals.models import Message
from tamizdat.editions import baking
from tamizdat.stories.models import Picture
from tests.conftest import NOON
from tests.editions.conftest import site  # noqa: F401 the live tree of a test
from tests.theme.site import drawing

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def picture(site):  # noqa: F811
    return Picture.objects.create(title="Dusk", file=drawing(), description="A ferry & a lamp")


def an_ask(picture, **fields):
    words = {"headline": "A word", "text": "We live on gifts.", "button": "Give {amount}"}
    locale = Locale.objects.get(language_code="en")
    return Message(**({"placement": "ask", "locale": locale, "picture": picture} | words | fields))


def a_large_banner(picture, **fields):
    return an_ask(picture, placement="banner", button="Give", **{"is_large": True} | fields)


@pytest.mark.parametrize(
    "make",
    [partial(an_ask, is_standing=True, is_on=False), partial(a_large_banner, is_large=False)],
)
def test_only_what_browsers_fetch_and_is_large_has_room_for_one(picture, make):
    with pytest.raises(ValidationError) as problem:
        make(picture).full_clean()
    assert "has room for a picture" in problem.value.message_dict["picture"][0]


def test_a_picture_without_words_is_asked_for_them(picture):
    picture.description = ""
    with pytest.raises(ValidationError) as problem:
        an_ask(picture).full_clean()
    assert problem.value.message_dict["picture"] == [
        "Describe the picture first, for readers who cannot see it."
    ]


@pytest.mark.parametrize("make", [an_ask, a_large_banner])
def test_it_is_baked_with_its_files_and_again_when_its_words_change(make, picture, site):  # noqa: F811
    message = make(picture)
    message.full_clean()
    message.save()
    baking.bake(now=NOON, workers=1)
    file = site / f"appeals/en/{message.key}.html"
    html = file.read_text()

    assert 'alt="A ferry &amp; a lamp"' in html
    address = html.partition('<img src="/')[2].partition('"')[0]
    assert (site / address).stat().st_size > 0
    assert message.key not in (site / "index.html").read_text()

    picture.description = "A lamp"
    picture.save()
    baking.bake(now=NOON, workers=1)
    assert 'alt="A lamp"' in file.read_text()

    picture.delete()
    baking.bake(now=NOON, workers=1)
    assert "<img" not in file.read_text()
