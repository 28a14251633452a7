"""An ask with a picture: fetched by browsers, described in words, in files of the tree."""

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


@pytest.mark.parametrize("fields", [{"is_standing": True, "is_on": False}, {"placement": "banner"}])
def test_only_an_ask_that_browsers_fetch_has_room_for_one(picture, fields):
    with pytest.raises(ValidationError) as problem:
        an_ask(picture, **fields).full_clean()
    assert "has room for a picture" in problem.value.message_dict["picture"][0]


def test_a_picture_without_words_is_asked_for_them(picture):
    picture.description = ""
    with pytest.raises(ValidationError) as problem:
        an_ask(picture).full_clean()
    assert problem.value.message_dict["picture"] == [
        "Describe the picture first, for readers who cannot see it."
    ]


def test_it_is_baked_with_its_files_and_again_when_its_words_change(picture, site):  # noqa: F811
    ask = an_ask(picture)
    ask.full_clean()
    ask.save()
    baking.bake(now=NOON, workers=1)
    file = site / f"appeals/en/{ask.key}.html"
    html = file.read_text()

    assert 'alt="A ferry &amp; a lamp"' in html
    address = html.partition('<img src="/')[2].partition('"')[0]
    assert (site / address).stat().st_size > 0
    assert ask.key not in (site / "index.html").read_text()

    picture.description = "A lamp"
    picture.save()
    baking.bake(now=NOON, workers=1)
    assert 'alt="A lamp"' in file.read_text()

    picture.delete()
    baking.bake(now=NOON, workers=1)
    assert "<img" not in file.read_text()
