"""What search engines are told, and how little of it a new story touches."""

from datetime import timedelta

import pytest
from lxml import etree

from tamizdat.editions import baking
from tamizdat.editions.models import Baked
from tamizdat.stories.models import Story
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story

pytestmark = pytest.mark.django_db

_NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture
def archive(site, newsroom):
    """A section with a story on each of forty days, two months of them."""
    section = add_section()
    for number in range(40):
        publish(section, f"Story {number}", at=NOON - timedelta(days=10 + number))
    baking.bake(now=NOON, workers=1)
    return section


def publish(section, title, *, at):
    story = Story(title=title, locale=section.locale, body=[("paragraph", f"<p>{title}.</p>")])
    story.first_published_at = at
    section.add_child(instance=story)
    return story


def addresses(site, path, what="s:url/s:loc"):
    return [each.text for each in etree.parse(site / path).iterfind(what, _NS)]


def test_the_index_names_a_map_for_each_month_and_robots_name_the_index(site, archive):
    named = addresses(site, "sitemap.xml", "s:sitemap/s:loc")

    assert "http://localhost:8000/sitemap-harbour-2026-11.xml" in named
    assert "http://localhost:8000/ru/news-sitemap.xml" in named
    for address in named:
        assert (site / address.removeprefix("http://localhost:8000/")).is_file()
    assert "\nSitemap: http://localhost:8000/sitemap.xml\n" in (site / "robots.txt").read_text()


def test_every_public_page_is_on_a_map_once(site, archive):
    maps = [
        p for p in site.rglob("*sitemap*.xml") if p.name not in ("sitemap.xml", "news-sitemap.xml")
    ]
    found = [each for path in maps for each in addresses(site, path)]
    stories = [f"http://localhost:8000{each.url}" for each in Story.objects.live()]

    assert len(stories) == 40
    assert set(stories) < set(found)
    assert "http://localhost:8000/fa/" in found
    assert len(found) == len(set(found))


def test_a_new_story_leaves_the_maps_of_old_months_alone(site, archive):
    publish(archive, "News", at=NOON)
    later = NOON + timedelta(minutes=1)
    baking.catch_up(now=later, workers=1)
    remade = set(Baked.objects.filter(baked_at=later).values_list("key", flat=True))

    assert f"stories_map({archive.pk}, 2026, 11)" in remade
    assert f"stories_map({archive.pk}, 2026, 10)" not in remade
    assert "sitemap()" not in remade
    assert "http://localhost:8000/harbour/news/" in addresses(site, "sitemap-harbour-2026-11.xml")


def test_a_typo_touches_no_map_and_no_editor_waits_for_a_feed(site, archive):
    story = Story.objects.get(title="Story 0")
    Story.objects.filter(pk=story.pk).update(body=[("paragraph", "<p>Better.</p>")])
    answered = baking.answer(now=NOON + timedelta(minutes=1))
    caught_up = baking.catch_up(now=NOON + timedelta(minutes=2), workers=1)

    assert (answered.pages, answered.left) == (1, 0)
    remade = Baked.objects.filter(baked_at__gt=NOON).values_list("key", flat=True)
    assert {key.partition("(")[0] for key in remade} == {"page", "feed"}
    assert caught_up.pages == len(remade) - 1


def test_news_leaves_by_itself_after_two_days(site, archive):
    story = publish(archive, "News", at=NOON)
    baking.catch_up(now=NOON, workers=1)
    assert addresses(site, "news-sitemap.xml") == [f"http://localhost:8000{story.url}"]
    assert addresses(site, "news-sitemap.xml", "s:url/n:news/n:title") == ["News"]

    baking.catch_up(now=NOON + timedelta(days=1, hours=23), workers=1)
    assert addresses(site, "news-sitemap.xml") != []
    baking.catch_up(now=NOON + timedelta(days=2), workers=1)
    assert addresses(site, "news-sitemap.xml") == []


def test_a_story_in_two_languages_names_both_and_a_default(site, newsroom):
    story = add_story(add_section())
    add_section("Порт", "ru")
    russian = story.copy_for_translation(add_section("Суд", "ru").locale, copy_parents=True)
    russian.save_revision().publish()
    baking.bake(now=NOON, workers=1)
    links = etree.parse(site / "sitemap-harbour.xml").iterfind("s:url/x:link", _NS)

    found = {link.get("hreflang"): link.get("href") for link in links}
    assert found["x-default"] == found["en"] == f"http://localhost:8000{story.url}"
    assert found["ru"].startswith("http://localhost:8000/ru/")
    page = (site / story.url.strip("/") / "index.html").read_text()
    assert page.count("hreflang=") >= 3
    assert f'hreflang="x-default" href="{story.url}"' in page
