"""Every kind of page, in three languages: what is in it, and above all what is not."""

import itertools
import re

import pytest
from django.test import override_settings
from lxml import html

from tests.baked import baked, made
from tests.theme.reading import fetched, page_of

KINDS = ["front", "section", "story", "everything", "author", "authors", "topic", "topics"]


pytestmark = pytest.mark.django_db


@pytest.fixture(params=["en", "ru", "fa"])
def language(request):
    return request.param


@pytest.fixture(params=KINDS)
def page(request, language, printed):
    return html.fromstring(printed[language][request.param])


@pytest.fixture
def story(language, printed):
    return html.fromstring(printed[language]["story"])


def test_nothing_is_fetched_from_or_sent_to_a_third_party(page):
    assert {address for address in fetched(page) if not address.startswith("/")} == set()


def test_no_script_style_attribute_or_handler_is_inline(page):
    scripts = page.xpath("//script[not(@src) and not(@type='application/ld+json')]")
    handlers = page.xpath("//@*[starts-with(name(), 'on')]")

    assert scripts == page.xpath("//@style") == handlers == []
    assert len(page.xpath("//style")) == 1


def test_rendering_twice_gives_the_same_bytes(paper):
    for page in paper.pages.values():
        assert baked(page) == baked(page)


def test_headings_start_with_one_h1_and_skip_no_level(page):
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_page_has_its_landmarks_and_a_way_past_them(page, language):
    for landmark in ("header", "main", "footer"):
        assert len(page.xpath(f"/html/body/{landmark}")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "fa" else "ltr")


def test_every_picture_has_alt_width_and_height_and_only_one_is_in_a_hurry(page):
    pictures = list(page.iter("img"))

    for picture in pictures:
        assert picture.get("alt") is not None
        assert int(picture.get("width"))
        assert int(picture.get("height"))
        assert (picture.get("loading") == "lazy") != (picture.get("fetchpriority") == "high")
    assert sum(picture.get("fetchpriority") == "high" for picture in pictures) <= 1


def test_css_uses_no_left_or_right(page):
    css = "".join(page.xpath("//style/text()"))

    assert not re.search(r"\b(margin|padding|border)-(left|right)|[;{](left|right):", css)


def test_a_story_says_who_wrote_it_when_and_what_was_wrong(story):
    assert len(story.xpath("(//p[@class='by'])[1]/a")) == 2
    assert story.xpath("//p[@class='by']/time/@datetime") == ["2026-11-22", "2026-11-23"]
    assert story.xpath("//p[@class='fix']//time/@datetime") == ["2026-11-21"]
    assert len(story.xpath("//nav[@class='more']//li")) == 3


def test_a_story_leads_to_its_topics(paper):
    links = page_of(paper.story).xpath("//article//a/@href")

    assert paper.topic.url in links


def test_a_story_without_picture_byline_or_standfirst_is_still_a_page(paper):
    bare = paper.section.get_children().last().specific
    bare.lead_picture, bare.standfirst, bare.bylines = None, "", []
    bare.save()
    root = page_of(bare)

    assert root.xpath("//article//img") == []
    assert root.xpath("//h1/text()") == [bare.title]


@override_settings(GIVE_ADDRESS="https://give.example")
def test_a_give_address_of_its_own_is_the_only_other_host(paper):
    root = page_of(paper.story)
    policy = root.xpath("//meta[@http-equiv]/@content")[0]

    outside = {address for address in fetched(root) if not address.startswith("/")}
    assert outside
    assert all(address.startswith("https://give.example/") for address in outside)
    assert "form-action 'self' https://give.example;" in policy
    assert "connect-src 'self' https://give.example;" in policy


def test_beside_the_pages_each_language_gets_a_404_and_a_page_about_giving(printed):
    baked = printed[""]

    for path in ("404.html", "ru/404.html", "give/index.html", "fa/give/index.html"):
        assert b"<h1>" in baked[path]
    assert any(re.fullmatch(r"assets/embed\.[0-9a-f]{8}\.js", path) for path in baked)


@override_settings(GIVE_ADDRESS="https://give.example")
def test_the_page_about_giving_prints_the_one_address_where_gifts_begin(newsroom):
    page = made("give", "ru")[0].content.decode()

    assert ">https://give.example/ru/checkout/</a>" in page


@pytest.mark.parametrize(
    ("address", "headline"),
    [("/thanks/nobody/", "There is no such page"), ("/ru/remind/kept/x/", "Такой страницы нет")],
)
def test_an_address_beside_the_files_that_leads_nowhere_says_so(
    newsroom, client, address, headline
):
    answer = client.get(address)

    assert answer.status_code == 404
    assert f"<h1>{headline}</h1>" in answer.content.decode()


def test_when_the_database_is_gone_a_reader_is_told_without_it(client):
    client.raise_request_exception = False  # this test may not ask the database, so the page breaks
    answer = client.get("/ru/remind/")

    assert answer.status_code == 500
    assert '<html lang="ru" dir="ltr">' in answer.content.decode()
    assert "<h1>У нас поломка</h1>" in answer.content.decode()
