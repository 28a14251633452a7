"""What is not for everyone leaves no trace in lists, archives, feeds and maps."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from wagtail.models import PageViewRestriction

from tamizdat.editions import baking
from tamizdat.stories.models import (
    Author,
    Authors,
    Byline,
    Front,
    Story,
    StoryTopic,
    Topic,
    Topics,
)
from tamizdat.theme.facts import lists
from tests.conftest import NOON
from tests.editions import breaking_off
from tests.editions.conftest import add_section, files_in, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(site, newsroom):
    """Thirty-three stories, signed and of a topic: the newest of 2026, one of March 1999."""
    section = add_section()
    author, topic = (
        index.objects.get(locale=section.locale).add_child(
            instance=kind(title="Ana", locale=section.locale)
        )
        for index, kind in ((Authors, Author), (Topics, Topic))
    )
    for number in range(33):
        at = NOON - timedelta(days=40 + number) if number < 32 else datetime(1999, 3, 3, tzinfo=UTC)
        story = Story(title=f"Story {number}", slug=f"story-{number}", locale=section.locale)
        story.first_published_at = at
        story.bylines, story.story_topics = [Byline(author=author)], [StoryTopic(topic=topic)]
        section.add_child(instance=story)
    return section


def restrict(page):
    return PageViewRestriction.objects.create(page=page, restriction_type="login")


def story(number):
    return Story.objects.get(title=f"Story {number}")


def titles(pks):
    return [Story.objects.get(pk=pk).title for pk in pks]


def test_the_month_of_a_private_story_is_no_month(site, section):
    restrict(story(32))
    baking.bake(now=NOON, workers=1)

    assert not (site / "harbour/1999").exists()
    assert not list(site.glob("*1999*"))
    assert "1999" not in (site / "sitemap.xml").read_text()
    assert (site / "harbour/2026/10/index.html").is_file()


def kept_by(section):
    """Every list that holds the stories of the section."""
    own = [section.pk, Author.objects.get().pk, Topic.objects.get().pk]
    return [lists.newest(pk) for pk in own]


def test_private_stories_take_no_places_of_a_list(site, section):
    for number in range(12):
        restrict(story(number))
    wanted = [f"Story {number}" for number in range(12, 33)]

    assert [titles(pks) for pks in kept_by(section)] == 3 * [wanted]
    front = Front.objects.get(locale=section.locale)
    assert titles(lists.newest_of_all(front.pk)) == wanted
    assert lists.published_in(Author.objects.get().pk, 1999, 0)
    baking.bake(now=NOON, workers=1)
    assert len(json.loads((site / "harbour/feed.json").read_text())["items"]) == 20
    assert len(json.loads((site / "feed.json").read_text())["items"]) == 20


def test_stories_of_a_private_section_are_in_no_list_of_their_author(site, section):
    courts = add_section("Courts")
    for number in range(3):
        story(number).move(courts, pos="last-child")
    restrict(courts)

    assert len(lists.newest(Author.objects.get().pk)) == 30
    assert titles(lists.newest(Author.objects.get().pk))[0] == "Story 3"
    assert "Story 0" not in titles(lists.newest_of_all(courts.get_parent().pk))


def test_while_everything_is_for_everyone_nobody_asks_a_row_whether_it_is(site, section):
    with CaptureQueriesContext(connection) as asked:
        kept_by(section)
        lists.years(section.pk)
    of_lists = [
        each["sql"] for each in asked if each["sql"].startswith(("SELECT id", "SELECT MIN"))
    ]

    assert len(of_lists) == 4
    assert not [sql for sql in of_lists if "restriction" in sql]


@pytest.mark.parametrize("which", [0, 32, "section"])
def test_what_becomes_private_and_public_again_leaves_the_tree_of_a_full_bake(
    site, section, tmp_path, which
):
    restrict(story(20))
    baking.catch_up(now=NOON, workers=1)
    restriction = restrict(section if which == "section" else story(which))
    for change in (lambda: None, restriction.delete):
        change()
        baking.answer(now=later(1))
        baking.catch_up(now=later(1), workers=1)
        made, wanted = files_in(site), fresh(tmp_path, at=later(1))
        assert made.keys() ^ wanted.keys() == set()
        assert [path for path in made if made[path] != wanted[path]] == []


def fresh(folder: Path, *, at):
    root = folder / f"fresh-{len(list(folder.iterdir()))}" / "site"
    with override_settings(SITE_ROOT=root):
        breaking_off.bake_from_nothing(now=at)
        return files_in(root)
