"""Going back, and what ends it."""

from typing import NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from tamizdat.editions import baking, releasing, settling, verifying
from tamizdat.editions.models import Edition
from tamizdat.stories.models import Story
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_story, files_in, later

pytestmark = pytest.mark.django_db


class Was(NamedTuple):
    number: int
    files: dict[str, bytes]


@pytest.fixture
def before(site, section):
    """What the site was; then a story got a new kicker and another story came."""
    story = add_story(section)
    baking.bake(now=NOON, workers=1)
    was = Was(Edition.objects.latest().number, files_in(site))
    Story.objects.filter(pk=story.pk).update(kicker="Tide")
    add_story(section, "Fog")
    baking.catch_up(now=NOON, workers=1)
    return was


def go_back(before):
    return releasing.roll_back(before.number, now=NOON)


def test_what_was_rolled_back_stays_through_hours_and_nights(site, before):
    go_back(before)
    for hours in (0, 3, 49):  # by then news maps have changed by the clock alone
        baking.catch_up(now=later(hours=hours), workers=1)
        assert verifying.verify(now=later(hours=hours), workers=1) == []

    assert files_in(site) == before.files


def test_what_is_still_being_made_does_not_end_it(site, before, section):
    add_story(section, "Salt")
    baking.answer(now=NOON, at_once=1)
    go_back(before)
    baking.catch_up(now=NOON, workers=1)

    assert files_in(site) == before.files


def test_the_next_edit_ends_it_for_the_whole_site_and_says_so(site, before, section):
    go_back(before)
    story = Story.objects.get(title="Fog")
    story.title = "Fog lifts"
    story.save_revision().publish()
    baking.answer(now=NOON)
    baking.catch_up(now=NOON, workers=1)

    assert "Tide" in (site / "harbour/cranes-fall-silent/index.html").read_text()
    assert Edition.objects.filter(why__contains="ends the roll back").count() == 1
    edited = files_in(site)
    assert baking.bake(now=NOON, workers=1).edition is None
    assert files_in(site) == edited


@pytest.mark.parametrize("everything", [True, False])
def test_baking_by_hand_ends_it(site, before, everything):
    now = files_in(site)
    go_back(before)
    call_command("bake", all=everything, workers=1, verbosity=0)

    assert files_in(site) == now


def test_a_draft_does_not_end_it(site, before):
    go_back(before)
    story = Story.objects.get(title="Fog")
    story.title = "Not yet"
    story.save_revision()
    baking.answer(now=NOON)

    assert files_in(site) == before.files


def test_what_was_taken_away_comes_back_only_if_that_is_said(site, before, capsys):
    Story.objects.get(title="Cranes fall silent").unpublish()
    baking.answer(now=NOON)
    now = files_in(site)
    with pytest.raises(CommandError, match=r"public again[^/]*\n  /harbour/cranes-fall-silent/\n"):
        call_command("edition", "rollback", str(before.number))
    assert files_in(site) == now

    call_command("edition", "rollback", str(before.number), "--bring-back")
    assert files_in(site) == before.files
    assert "Words that were taken out" in capsys.readouterr().out


def test_a_page_that_moved_is_not_one_that_was_taken_away(site, before):
    story = Story.objects.get(title="Cranes fall silent")
    story.slug = "cranes"
    story.save_revision().publish()
    Redirect.add_redirect("/harbour/cranes-fall-silent/", story)
    baking.catch_up(now=NOON, workers=1)
    go_back(before)

    assert files_in(site) == before.files


def refuses(before):
    """What is named when going back is refused."""
    with pytest.raises(releasing.WouldBringBack) as caught:
        go_back(before)
    return caught.value.paths


@pytest.mark.parametrize("leads_to", ["home", "a page that took its place"])
def test_a_redirect_in_the_place_of_what_was_taken_away_does_not_hide_that(site, before, leads_to):
    story = Story.objects.get(title="Cranes fall silent")
    other = add_story(story.get_parent(), "Cranes, told anew") if "page" in leads_to else None
    Redirect.objects.create(
        old_path=Redirect.normalise_path("/harbour/cranes-fall-silent/"),
        redirect_page=other,
        redirect_link="" if other else "/",
    )
    story.unpublish()
    baking.catch_up(now=NOON, workers=1)
    assert "refresh" in (site / "harbour/cranes-fall-silent/index.html").read_text()

    assert refuses(before) == ["harbour/cranes-fall-silent/index.html"]


def test_a_page_in_the_place_of_what_was_taken_away_does_not_hide_that(site, before):
    story = Story.objects.get(title="Cranes fall silent")
    section = story.get_parent()
    story.slug = "cranes"
    story.save_revision().publish()
    add_story(section, "Cranes fall silent")
    baking.catch_up(now=NOON, workers=1)
    go_back(before)
    assert files_in(site) == before.files

    Story.objects.get(slug="cranes").unpublish()
    baking.catch_up(now=NOON, workers=1)
    assert refuses(before) == ["harbour/cranes-fall-silent/index.html"]


def test_a_page_that_was_away_for_a_while_comes_back_unasked(site, before):
    story = Story.objects.get(title="Cranes fall silent")
    story.unpublish()
    baking.catch_up(now=NOON, workers=1)
    story.save_revision().publish()
    baking.catch_up(now=NOON, workers=1)

    go_back(before)
    assert files_in(site) == before.files


def test_a_document_that_was_taken_away_is_named(site, section):
    papers = Collection.get_first_root_node().add_child(name="Papers")
    paper = get_document_model().objects.create(
        title="Paper", file=ContentFile(b"paper", "paper.txt"), collection=papers
    )
    story = add_story(section)
    story.body = [("paragraph", f'<p><a linktype="document" id="{paper.pk}">the paper</a></p>')]
    story.save_revision().publish()
    baking.bake(now=NOON, workers=1)
    was = Was(Edition.objects.latest().number, files_in(site))
    CollectionViewRestriction.objects.create(collection=papers, restriction_type="login")
    baking.catch_up(now=NOON, workers=1)

    path = paper.url.lstrip("/")
    assert path in was.files
    assert not (site / path).exists()
    assert refuses(was) == [path]


def test_of_a_picture_that_was_taken_away_one_file_is_named(site, section):
    story = add_story(section, lead_picture=add_picture())
    baking.bake(now=NOON, workers=1)
    baking.finish(now=NOON)
    was = Was(Edition.objects.latest().number, files_in(site))
    Story.objects.filter(pk=story.pk).update(lead_picture=None, title="Cranes")
    baking.catch_up(now=NOON, workers=1)
    baking.finish(now=NOON)
    named = refuses(was)

    assert len([path for path in was.files if path.startswith("media/q/")]) > len(named) == 1
    assert named[0].startswith("media/q/")


def test_an_unpublishing_ends_it_and_the_page_is_gone(site, before):
    go_back(before)
    Story.objects.get(title="Cranes fall silent").unpublish()
    baking.answer(now=NOON)

    assert not (site / "harbour/cranes-fall-silent").exists()
    assert not settling._held().exists()
