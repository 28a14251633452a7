import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tamizdat.editions import baking
from tamizdat.editions.models import BakeRequest, Edition
from tamizdat.editions.targets import Target, all_targets
from tamizdat.editions.tree import Tree
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Author, Authors, Byline, Front, Story
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_section, add_story, files_in, later


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """What follows the commit of a request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def bake():
    return baking.bake(why="test", now=NOON)


def test_every_public_page_of_every_language_is_a_file(site, section):
    add_story(section)
    add_story(add_section("Порт", "ru"), "Краны замолчали")
    edition = bake()

    assert (site / "harbour/cranes-fall-silent/index.html").exists()
    assert (site / "ru/порт/краны-замолчали/index.html").exists()
    assert 'lang="fa" dir="rtl"' in (site / "fa/index.html").read_text()
    assert edition.failed_count == 0


def test_registered_targets_are_baked_beside_the_pages(site, newsroom):
    bake()
    paths = {target.path for target in all_targets()}

    assert {"404.html", "give/index.html"} <= paths
    assert paths <= set(Tree(site).paths())


def test_baking_again_changes_nothing(site, section):
    add_story(section, lead_picture=add_picture())
    bake()
    before = files_in(site)

    assert bake().changed_count == 0
    assert files_in(site) == before


def test_a_page_brings_its_pictures_into_the_tree(site, section):
    add_story(section, lead_picture=add_picture())
    bake()

    html = (site / "harbour/cranes-fall-silent/index.html").read_text()
    named = set(re.findall(r"/(media/[^ \",]+)", html))
    assert named
    assert named <= set(Tree(site).paths())


def test_a_draft_and_a_private_page_are_not_baked(site, section):
    add_story(section, "Draft").unpublish()
    private = add_story(section, "Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    bake()

    assert not [path for path in Tree(site).paths() if "draft" in path or "private" in path]


def test_publishing_puts_the_story_and_what_holds_it_on_the_site_at_once(site, section, commit):
    bake()
    with commit():
        add_story(section, "Cranes fall silent")

    for path in ["harbour/cranes-fall-silent", "harbour", "."]:
        assert "Cranes fall silent" in (site / path / "index.html").read_text()


def test_what_else_names_a_story_follows_before_the_full_bake(site, section, commit, monkeypatch):
    ana = Authors.objects.get(locale=section.locale).add_child(
        instance=Author(title="Ana", locale=section.locale)
    )
    bake()
    with commit():
        add_story(section, "Cranes fall silent", bylines=[Byline(author=ana)])
    monkeypatch.setattr(baking, "bake", lambda **_: None)
    baking.catch_up(now=later())

    assert "Cranes fall silent" in (site / "authors/ana/index.html").read_text()


def test_unpublishing_takes_the_page_away_at_once(site, section, commit):
    story = add_story(section)
    bake()
    with commit():
        story.unpublish()

    assert not list(site.glob("harbour/cranes-fall-silent/*"))
    assert "Cranes" not in (site / "index.html").read_text()


def test_deleting_a_section_takes_its_stories_away_at_once(site, section, commit):
    add_story(section)
    bake()
    with commit():
        section.delete()

    assert not (site / "harbour").exists()
    assert "Cranes" not in (site / "index.html").read_text()


def test_what_becomes_private_is_taken_away_at_once_with_what_is_under_it(site, section, commit):
    add_story(section)
    bake()
    with commit():
        PageViewRestriction.objects.create(page=section, restriction_type="login")

    assert not (site / "harbour").exists()


def test_nothing_is_baked_for_a_save_that_was_rolled_back(site, section):
    bake()
    story = add_story(section)
    Story.objects.filter(pk=story.pk).delete()
    BakeRequest.objects.all().delete()
    baking.answer()

    assert not (site / "harbour/cranes-fall-silent").exists()


def test_of_many_pages_at_once_most_are_left_to_the_worker(site, section, monkeypatch):
    monkeypatch.setattr(baking, "AT_ONCE", 1)
    bake()
    add_story(section)
    baking.answer()
    assert (site / "harbour/cranes-fall-silent/index.html").exists()
    assert "Cranes" not in (site / "index.html").read_text()

    baking.catch_up(now=later())
    assert "Cranes" in (site / "index.html").read_text()


def test_an_editor_waits_for_three_pages_however_many_name_the_story(section):
    stories = [add_story(section, f"Story {number}") for number in range(5)]
    famous = add_story(section, "Famous")
    for story in stories:
        story.read_more_picks.create(story=famous)
        story.save_revision().publish()
    BakeRequest.objects.all().delete()
    famous.save_revision().publish()

    urgent = BakeRequest.objects.urgent().values_list("page_pk", flat=True)
    assert list(urgent) == [famous.pk, section.pk, section.get_parent().pk]


def test_the_worker_bakes_everything_after_a_new_name(site, section):
    add_story(section)
    bake()
    masthead = Masthead.objects.get(locale=section.locale)
    masthead.name = "The Lantern"
    masthead.save()
    baking.catch_up(now=later())

    assert "The Lantern" in (site / "harbour/cranes-fall-silent/index.html").read_text()


def test_the_worker_rests_when_nothing_changed_and_bakes_once_a_day_all_the_same(site, newsroom):
    baking.catch_up(now=NOON)

    assert baking.catch_up(now=later(minutes=1)) is None
    Front.objects.filter(locale__language_code="en").update(title="Told to nobody")
    assert baking.catch_up(now=later(days=1, minutes=1)).why == "daily"
    assert baking.catch_up(now=later(days=1, minutes=2)) is None


def test_a_page_whose_picture_is_missing_is_baked_and_then_leaves_it_out(site, section, caplog):
    story = add_story(section, lead_picture=add_picture("Gone"))
    Path(story.lead_picture.file.path).unlink()
    html = site / "harbour/cranes-fall-silent/index.html"

    assert bake().failed_count == 0
    assert "“Gone” is missing" in caplog.text
    bake()
    assert "why.</p>" in html.read_text()
    assert "<picture>" not in html.read_text()


def test_a_picture_that_changes_asks_for_a_full_bake(site, newsroom):
    picture = add_picture()
    bake()
    picture.focal_point_x = picture.focal_point_y = 10
    picture.focal_point_width = picture.focal_point_height = 5
    picture.save()

    assert BakeRequest.objects.get().why == "a picture changed"


@pytest.fixture
def broken(monkeypatch):
    """The page titled Broken cannot be rendered."""
    real = Story.get_context

    def fail(self, request, *args, **kwargs):
        if self.title == "Broken":
            raise ZeroDivisionError
        return real(self, request, *args, **kwargs)

    return lambda: monkeypatch.setattr(Story, "get_context", fail)


def test_a_page_that_fails_keeps_its_old_file_and_the_others_are_baked(site, section, broken):
    add_story(section, "Broken", lead_picture=add_picture())
    bake()
    before = files_in(site / "harbour/broken")
    broken()
    add_story(section, "Whole")
    edition = bake()

    assert edition.failed_count == 1
    assert files_in(site / "harbour/broken") == before
    assert (site / "harbour/whole/index.html").exists()


def test_the_command_fails_loudly_when_a_page_fails(site, section, broken, capsys):
    add_story(section, "Broken")
    broken()

    with pytest.raises(CommandError, match="1 could not be baked"):
        call_command("bake", verbosity=0)


def test_what_failed_is_tried_again_later_not_in_a_loop(site, section, broken):
    add_story(section, "Broken")
    broken()
    baking.catch_up(now=NOON)

    assert baking.catch_up(now=later(minutes=9)) is None
    assert baking.catch_up(now=later(minutes=11)).failed_count == 1


def test_a_source_that_cannot_list_its_targets_costs_no_file(site, section, monkeypatch):
    bake()
    before = files_in(site)
    monkeypatch.setattr(
        "tamizdat.editions.targets._sources", [lambda: [Target("x", int, "")], None]
    )

    with pytest.raises(TypeError):
        bake()
    assert files_in(site) == before
    assert Edition.objects.count() == 1


def test_what_was_published_during_a_full_bake_is_not_cleared_away(site, section):
    def publish_in_the_middle(pks):
        for n, pk in enumerate(pks):
            if n == 1:
                add_story(section, "Meanwhile")
                baking.answer()
            yield pk

    baking.bake(why="test", now=NOON, progress=publish_in_the_middle)
    assert (site / "harbour/meanwhile/index.html").exists()
    assert BakeRequest.objects.exists()


def test_an_interrupted_bake_costs_nothing_and_the_next_one_ends_it(
    site, section, tmp_path, settings
):
    add_story(section)

    def interrupt(pks):
        yield from pks[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        baking.bake(why="test", now=NOON, progress=interrupt)
    bake()
    before = files_in(site)
    settings.SITE_ROOT = tmp_path / "fresh"
    bake()
    assert before == files_in(tmp_path / "fresh")


def test_the_preview_is_the_page_that_is_baked(site, section, admin_client):
    story = add_story(section)
    bake()
    preview = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[story.pk]))

    assert preview.content == (site / "harbour/cranes-fall-silent/index.html").read_bytes()


def test_an_editors_language_and_time_zone_leave_no_trace(site, section):
    from django.utils import timezone, translation

    add_story(section)
    bake()
    before = files_in(site)
    with translation.override("ru"), timezone.override("Asia/Tokyo"):
        bake()

    assert files_in(site) == before


def test_a_page_that_sets_a_cookie_is_refused(site, section, monkeypatch):
    def serve(self, request):
        response = super(Story, self).serve(request)
        response.set_cookie("who", "you")
        return response

    monkeypatch.setattr(Story, "serve", serve)
    add_story(section)
    assert bake().failed_count == 1


def test_a_redirect_is_a_stub_and_an_entry_in_the_map(site, section):
    story = add_story(section)
    Redirect.add_redirect("/2019/03/cranes/", story)
    Redirect.add_redirect("/?p=12", story, is_permanent=False)
    bake()

    stub = (site / "2019/03/cranes/index.html").read_text()
    assert 'content="0;url=/harbour/cranes-fall-silent/"' in stub
    assert '<link rel="canonical" href="/harbour/cranes-fall-silent/">' in stub
    assert (site.parent / "site.redirects.json").read_text().split("\n")[1:-1] == [
        '"/2019/03/cranes": [', "301,", '"/harbour/cranes-fall-silent/"', "],",
        '"/?p=12": [', "302,", '"/harbour/cranes-fall-silent/"', "]",
    ]  # fmt: skip


@pytest.mark.parametrize("old", ["/checkout", "/give?x=1", "//desk/pages", "/ru/hooks"])
def test_a_redirect_takes_no_address_of_the_software(site, section, old):
    Redirect.objects.create(old_path=old, redirect_link="https://elsewhere.example/")
    bake()

    assert (site.parent / "site.redirects.json").read_text() == "{}"
    assert not any(b"elsewhere" in content for content in files_in(site).values())


def test_an_address_that_has_a_page_does_not_redirect(site, section):
    story = add_story(section)
    Redirect.add_redirect("/harbour/cranes-fall-silent", "https://elsewhere.example/")
    bake()

    assert story.title in (site / "harbour/cranes-fall-silent/index.html").read_text()
    assert "elsewhere" not in (site.parent / "site.redirects.json").read_text()


def test_publishing_at_an_address_that_redirected_ends_the_redirect_at_once(site, section):
    Redirect.add_redirect("/harbour/cranes-fall-silent", "https://elsewhere.example/")
    bake()
    add_story(section)
    baking.answer()

    assert "elsewhere" not in (site.parent / "site.redirects.json").read_text()


@pytest.mark.parametrize("old", ["/../../etc/x", "/a//b", "/a/" + "b" * 251])
def test_a_redirect_from_a_strange_address_costs_nothing(site, section, old, caplog):
    Redirect.objects.create(old_path=old, redirect_link="https://elsewhere.example/")

    assert bake().failed_count == 0
    assert "elsewhere" in (site.parent / "site.redirects.json").read_text()
