"""The card that stands for a page where people pass it on."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tamizdat.editions.targets import Encloses
from tamizdat.stories.models import Story
from tamizdat.theme import cards
from tamizdat.theme.cards import Words
from tests.baked import baked, made

ENGLISH = Words("1", "Who buys the tide tables", "Courts", "The Lantern", is_rtl=False)
PERSIAN = Words("2", "چه کسی جدول‌های جزر و مد را می‌خرد", "دادگاه", "فانوس", is_rtl=True)
RUSSIAN = Words("3", "Кто покупает таблицы приливов", "Суды", "Фонарь", is_rtl=False)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def named_in(page):
    found = re.search(rb'og:image" content="[^"]*/media/([^"]+)', baked(page))
    return found[1].decode()


def ink_in(card, *, half):
    left = cards.WIDTH // 2 if half == "right" else 0
    words = card.convert("L").crop((left, 150, left + cards.WIDTH // 2, 500))
    return sum(words.point(lambda level: level < 100).histogram()[1:])


@pytest.mark.parametrize("words", [ENGLISH, PERSIAN, RUSSIAN])
@pytest.mark.parametrize("times", [1, 12])
def test_a_card_is_of_the_size_that_networks_ask_for_and_light(words, times):
    words = replace(words, headline=" ".join([words.headline] * times))
    content = cards._jpeg(cards._drawn(words, None))

    assert len(content) <= 60_000
    with Image.open(BytesIO(content)) as card:
        assert (card.size, card.format) == ((1200, 630), "JPEG")


def test_words_begin_where_their_language_begins():
    english, persian = (
        cards._drawn(replace(words, headline=words.headline.split()[0]), None)
        for words in (ENGLISH, PERSIAN)
    )
    assert ink_in(english, half="left") > ink_in(english, half="right")
    assert ink_in(persian, half="right") > ink_in(persian, half="left")


def test_a_word_without_end_stays_on_the_card():
    card = cards._drawn(replace(ENGLISH, headline="tide" * 100), None)
    margin = card.crop((cards.WIDTH - cards.MARGIN + 2, 0, cards.WIDTH, cards.HEIGHT))

    assert ImageChops.invert(margin.convert("L")).getextrema()[1] < 10


def test_letters_that_we_cannot_set_are_known():
    assert all(words.can_be_set() for words in (ENGLISH, PERSIAN, RUSSIAN))
    assert not replace(ENGLISH, headline="საქართველო").can_be_set()


def test_a_page_names_its_card_and_has_it_drawn_at_leisure(paper, media):
    for page in (paper.story, paper.front):
        enclosed = {one.path: one for one in made("page", page.pk) if isinstance(one, Encloses)}
        card = enclosed[f"media/{named_in(page)}"]
        assert card.find() is None
        with Image.open(card.make()) as drawn:
            assert drawn.size == cards.SIZE
        assert card.find()


def test_another_headline_is_another_card(paper, media):
    before = named_in(paper.story)
    Story.objects.filter(pk=paper.story.pk).update(title="Another headline")

    assert named_in(paper.story) != before


def test_every_page_but_a_story_has_the_card_of_its_front(paper, media):
    assert named_in(paper.section) == named_in(paper.author) == named_in(paper.front)
    assert named_in(paper.story) != named_in(paper.front)


def test_a_story_in_letters_that_we_cannot_set_shows_its_lead_picture(paper, media):
    Story.objects.filter(pk=paper.story.pk).update(title="საქართველო")

    assert named_in(paper.story).startswith("q/")
