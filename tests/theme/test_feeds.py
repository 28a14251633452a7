"""Feeds: whole stories, for any reader, wherever they are read."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.utils.feedgenerator import rfc2822_date
from lxml import etree

from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Author, Authors, Byline, Correction, Front, Story
from tamizdat.theme import absolutes
from tests.baked import made
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_section, add_story

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture
def section(newsroom):
    return add_section("Порт", "ru")


def feeds_of(page):
    return {one.path.rpartition("/")[2]: one.content for one in made("feed", page.pk)}


def rss(page):
    return etree.fromstring(feeds_of(page)["feed.xml"]).find("channel")


def test_a_section_has_three_formats_and_an_author_one(section):
    index = Authors.objects.get(locale=section.locale)
    author = index.add_child(instance=Author(title="Ana", locale=section.locale))
    story = add_story(section)
    story.bylines = [Byline(author=author)]
    story.save_revision().publish()

    assert set(feeds_of(section)) == {"feed.xml", "atom.xml", "feed.json"}
    assert set(feeds_of(author)) == {"atom.xml"}
    front = Front.objects.get(locale=section.locale)
    assert next(one.path for one in made("feed", front.pk)) == "ru/feed.xml"


def test_a_list_without_stories_has_no_feed(section):
    assert feeds_of(section) == {}


def test_rss_says_who_when_and_in_which_language(section):
    story = add_story(section, "Краны & <молчат>", standfirst="Почему.")
    channel = rss(section)
    item = channel.find("item")

    assert channel.findtext("language") == "ru"
    assert item.findtext("title") == "Краны & <молчат>"
    assert item.findtext("link") == item.findtext("guid") == absolutes.url(story.url)
    assert item.findtext("pubDate") == rfc2822_date(story.first_published_at)
    assert "<p>" in item.findtext(CONTENT)


def test_every_address_in_a_feed_has_its_host(section):
    other = add_story(section, "Туман")
    story = add_story(section, "Краны", lead_picture=add_picture())
    link = f'<p><a linktype="page" id="{other.pk}">here</a> <a href="#n">note</a></p>'
    story.body = [("paragraph", link)]
    story.save_revision().publish()
    html = rss(section).findtext(f"item/{CONTENT}")

    assert f'href="http://localhost:8000{unquote(other.url)}"' in html
    assert f'href="{absolutes.url(story.url)}#n"' in html
    assert 'src="http://localhost:8000/media/' in html
    assert not any(part.startswith("/") for part in html.split('"')[1::2])
    assert ",/media" not in html
    assert ", /media" not in html


def test_json_and_atom_say_the_same_as_rss(section):
    add_story(section, "Краны")
    feeds = feeds_of(section)
    item = json.loads(feeds["feed.json"])["items"][0]
    entry = etree.fromstring(feeds["atom.xml"]).find(f"{ATOM}entry")

    assert json.loads(feeds["feed.json"])["version"] == "https://jsonfeed.org/version/1.1"
    assert item["content_html"] == entry.findtext(f"{ATOM}content")
    assert item["content_html"] == rss(section).findtext(f"item/{CONTENT}")
    assert entry.find(f"{ATOM}content").get("type") == "html"


def test_corrections_and_the_legal_notice_go_with_the_story(section):
    Masthead.objects.filter(locale=section.locale).update(legal_notice="Плашка.")
    story = add_story(section)
    story.corrections = [Correction(corrected_on=NOON.date(), text="Было семь кранов.")]
    story.save_revision().publish()
    html = rss(section).findtext(f"item/{CONTENT}")

    assert "Плашка." in html
    assert "Было семь кранов." in html


def test_letters_that_xml_cannot_hold_break_no_feed(section):
    story = add_story(section, "Краны")
    Story.objects.filter(pk=story.pk).update(title="Кра\x0bны", standfirst="\x00 \x1f")

    assert rss(section).findtext("item/title") == "Краны"


def test_the_newest_come_first_and_old_ones_leave(section):
    for number in range(22):
        story = add_story(section, f"Story {number}")
        moment = NOON + timedelta(hours=number)
        Story.objects.filter(pk=story.pk).update(first_published_at=moment)
    titles = [each.text for each in rss(section).iterfind("item/title")]

    assert titles == [f"Story {number}" for number in range(21, 1, -1)]


def test_lists_name_their_feeds_and_stories_do_not(printed):
    assert b'type="application/feed+json"' in printed["en"]["front"]
    assert b'href="/harbour/atom.xml"' in printed["en"]["section"]
    assert b"application/rss+xml" not in printed["en"]["author"]
    assert b"atom+xml" not in printed["en"]["story"]
