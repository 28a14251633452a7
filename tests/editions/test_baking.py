import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tamizdat.editions import baking, live, oven
from tamizdat.editions.models import Edition, Outdated
from tamizdat.editions.taking_in import YOUNG
from tamizdat.editions.tracing import Memory
from tamizdat.outlet.models import Masthead
from tamizdat.stories.models import Author, Authors, Byline, Story
from tamizdat.theme.facts.places import place
from tests.conftest import NOON
from tests.editions.conftest import add_picture, add_section, add_story, files_in, later


def bake():
    return baking.bake(now=NOON, workers=1)


def answer(**options):
    return baking.answer(now=NOON, **options)


def test_every_public_page_of_every_language_is_a_file(site, section):
    add_story(section)
    add_story(add_section("Порт", "ru"), "Краны замолчали")
    edition = bake()

    assert (site / "harbour/cranes-fall-silent/index.html").exists()
    assert (site / "ru/порт/краны-замолчали/index.html").exists()
    assert 'lang="fa" dir="rtl"' in (site / "fa/index.html").read_text()
    assert edition.failed == 0


def test_baking_again_changes_nothing(site, section):
    add_story(section, lead_picture=add_picture())
    bake()
    before = files_in(site)

    assert bake().files == 0
    assert files_in(site) == before


def test_a_page_brings_its_pictures_into_the_tree_and_its_card_at_leisure(site, section):
    add_story(section, lead_picture=add_picture())
    bake()
    html = (site / "harbour/cranes-fall-silent/index.html").read_text()
    named = set(re.findall(r"/(media/[^ \",]+)", html))
    card = {path for path in named if path.startswith("media/k/")}

    assert len(card) == 1
    assert named - card <= set(live.site().tree.paths())
    assert not (site / card.copy().pop()).exists()
    baking.finish(now=NOON)
    assert named <= set(live.site().tree.paths())


def test_a_draft_and_a_private_page_are_not_baked(site, section):
    add_story(section, "Draft").unpublish()
    private = add_story(section, "Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    bake()

    assert not [path for path in live.site().tree.paths() if "draft" in path or "private" in path]


def test_publishing_puts_the_story_and_what_holds_it_on_the_site_at_once(site, section):
    bake()
    add_story(section, "Cranes fall silent")
    answer()

    for path in ["harbour/cranes-fall-silent", "harbour", "."]:
        assert "Cranes fall silent" in (site / path / "index.html").read_text()


def test_unpublishing_takes_the_page_away_at_once(site, section):
    story = add_story(section)
    bake()
    story.unpublish()
    answer()

    assert not list(site.glob("harbour/cranes-fall-silent/*"))
    assert "Cranes" not in (site / "index.html").read_text()


def test_deleting_a_section_takes_its_stories_away_at_once(site, section):
    add_story(section)
    bake()
    section.delete()
    answer()

    assert not (site / "harbour").exists()
    assert "Cranes" not in (site / "index.html").read_text()


def test_what_becomes_private_is_taken_away_at_once_with_what_is_under_it(site, section):
    add_story(section)
    bake()
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    answer()

    assert not (site / "harbour").exists()


def test_an_editor_waits_for_some_pages_and_the_worker_bakes_the_others(site, section):
    bake()
    add_story(section)
    tally = answer(at_once=1)
    assert (tally.pages, tally.left > 0) == (1, True)
    assert "Cranes" not in (site / "index.html").read_text()

    baking.catch_up(now=NOON, workers=1)
    assert "Cranes" in (site / "index.html").read_text()


def test_of_many_pages_the_newest_are_baked_first(site, section):
    stories = [add_story(section, f"Story {number}") for number in range(24)]
    bake()
    Masthead.objects.filter(locale=section.locale).update(name="Renamed")
    answer(at_once=20)
    shown = ["Renamed" in (site / f"harbour/{s.slug}/index.html").read_text() for s in stories]

    assert all(shown[-YOUNG:])
    assert not all(shown[:-YOUNG])


def test_rows_are_read_some_at_a_time_however_many(db, django_assert_num_queries):
    memory = Memory(now=NOON)
    with django_assert_num_queries(3):
        place.prime(range(2000), memory)

    assert len(memory.rows) == 2000


def test_a_typo_touches_one_page_and_a_headline_those_that_show_it(site, section):
    ana = Authors.objects.get(locale=section.locale).add_child(
        instance=Author(title="Ana", locale=section.locale)
    )
    story = add_story(section, bylines=[Byline(author=ana)])
    add_story(section, "Another")
    bake()
    story.body.append(("paragraph", "<p>More.</p>"))
    story.save_revision().publish()
    assert answer().pages == 1

    story.title = "Cranes sing"
    story.save_revision().publish()
    touched = {path for path, _why in answer().named}
    assert touched == {
        "index.html",
        "authors/ana/index.html",
        "harbour/index.html",
        "harbour/another/index.html",
        "harbour/cranes-fall-silent/index.html",
    }


def test_a_draft_outdates_nothing(site, section):
    story = add_story(section)
    bake()
    story.title = "Not yet"
    story.save_revision()

    assert answer().pages == 0


def test_a_change_that_sends_no_signal_is_noticed(site, section):
    add_story(section)
    bake()
    Masthead.objects.filter(locale=section.locale).update(name="The Lantern")
    baking.catch_up(now=NOON, workers=1)

    assert "The Lantern" in (site / "harbour/cranes-fall-silent/index.html").read_text()


def test_the_worker_rests_when_nothing_changed(site, newsroom):
    baking.catch_up(now=NOON, workers=1)
    editions = Edition.objects.count()

    assert baking.catch_up(now=later(days=9), workers=1).pages == 0
    assert Edition.objects.count() == editions


def test_what_is_hidden_goes_before_anything_else_is_made(site, section, monkeypatch):
    story = add_story(section)
    bake()
    story.unpublish()
    monkeypatch.setattr(baking.taking_in, "take_in", interrupted)

    with pytest.raises(KeyboardInterrupt):
        answer()
    assert not (site / "harbour/cranes-fall-silent").exists()


def interrupted(*_args, **_options):
    raise KeyboardInterrupt


def test_an_address_without_its_page_is_gone_until_it_has_one_again(site, section):
    story = add_story(section)
    bake()
    story.unpublish()
    answer()
    gone = '"/harbour/cranes-fall-silent": [\n410'
    assert gone in (site.parent / "site.redirects.json").read_text()

    story.save_revision().publish()
    answer()
    assert gone not in (site.parent / "site.redirects.json").read_text()


@pytest.fixture
def broken(monkeypatch):
    """The page titled Broken cannot be made."""
    real = oven.live.store

    def fail(path, content, **options):
        if b"<h1>Broken" in content:
            raise ZeroDivisionError
        return real(path, content, **options)

    return lambda: monkeypatch.setattr(oven.live, "store", fail)


def test_a_page_that_fails_keeps_its_old_file_and_the_others_are_baked(site, section, broken):
    story = add_story(section, "Broken", lead_picture=add_picture())
    bake()
    before = files_in(site / "harbour/broken")
    broken()
    story.save_revision().publish()
    Story.objects.filter(pk=story.pk).update(standfirst="Anew")
    add_story(section, "Whole")
    tally = baking.catch_up(now=NOON, workers=1)

    assert tally.failed == 1
    assert files_in(site / "harbour/broken") == before
    assert (site / "harbour/whole/index.html").exists()


def test_the_command_fails_loudly_when_a_page_fails(site, section, broken):
    add_story(section, "Broken")
    broken()

    with pytest.raises(CommandError, match="1 could not be baked"):
        call_command("bake", all=True, workers=1, verbosity=0)


def test_what_failed_is_tried_again_later_not_in_a_loop(site, section, broken):
    add_story(section, "Broken")
    broken()
    baking.catch_up(now=NOON, workers=1)

    assert baking.catch_up(now=later(minutes=9), workers=1).failed == 0
    assert baking.catch_up(now=later(minutes=11), workers=1).failed == 1
    assert Outdated.objects.get(failures=2)


def test_the_command_says_why_a_page_was_baked_and_what_it_reads(site, section, capsys):
    story = add_story(section)
    bake()
    Story.objects.filter(pk=story.pk).update(kicker="Tide")
    answer()
    call_command("bake", why="/harbour/cranes-fall-silent/", verbosity=0)
    said = capsys.readouterr().out

    assert f"story({story.pk}) after page:{story.pk}" in said
    assert "top('en'" in said


def test_verifying_finds_what_was_missed_and_mends_it(site, section, capsys):
    story = add_story(section)
    bake()
    call_command("bake", verify=True, workers=1, verbosity=0)
    assert "what a full bake makes" in capsys.readouterr().out
    with connection.cursor() as cursor:  # as if nothing had told
        cursor.execute("UPDATE stories_story SET kicker = 'Tide'")
        cursor.execute("DELETE FROM editions_change WHERE taken_in IS NULL")

    with pytest.raises(CommandError, match="were not what a full bake makes"):
        call_command("bake", verify=True, workers=1, verbosity=0)
    assert f"page({story.pk}) was missed" in capsys.readouterr().out
    assert "Tide" in (site / "harbour/cranes-fall-silent/index.html").read_text()


def test_an_interrupted_bake_costs_nothing_and_the_next_one_ends_it(site, section, settings):
    add_story(section)

    with pytest.raises(KeyboardInterrupt):
        baking.bake(now=NOON, workers=1, watch=interrupted)
    baking.catch_up(now=NOON, workers=1)
    assert (site / "harbour/cranes-fall-silent/index.html").exists()
    assert bake().files == 0


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
    assert not any(b"elsewhere.example" in content for content in files_in(site).values())


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
    answer()

    assert "elsewhere" not in (site.parent / "site.redirects.json").read_text()


@pytest.mark.parametrize("old", ["/../../etc/x", "/a//b", "/a/" + "b" * 251])
def test_a_redirect_from_a_strange_address_costs_nothing(site, section, old, caplog):
    Redirect.objects.create(old_path=old, redirect_link="https://elsewhere.example/")

    assert bake().failed == 0
    assert "elsewhere" in (site.parent / "site.redirects.json").read_text()
