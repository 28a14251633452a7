"""What becomes of an address that moved where others want the same, or what is above or below."""

import json

import pytest
from wagtail.contrib.redirects.models import Redirect

from tamizdat.editions import baking, live, redirecting, releasing, verifying
from tests.conftest import NOON
from tests.editions.conftest import add_story, files_in
from tests.stories.importing_inputs import bring_in, item, wxr_text

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://elsewhere.example/"


def leads_away(*old):
    return [Redirect.add_redirect(each, ELSEWHERE) for each in old]


def moves():
    return json.loads(live.site().tree.beside(redirecting.MAP).read_bytes())


def catch_up():
    baking.catch_up(now=NOON, workers=1)


def assert_all_is_well(site):
    """The tree is what was signed, what is claimed, and what a full bake makes."""
    made = files_in(site)
    report = releasing.examine(now=NOON)
    assert report.holds, report
    assert verifying.verify(now=NOON, workers=1) == []
    baking.bake(now=NOON, workers=1)
    assert files_in(site) == made


def test_what_was_below_an_old_file_leads_on_beside_it(site, section):
    above, below = leads_away("/name.html", "/name.html/pier/")
    catch_up()
    assert (site / "name.html").is_file()
    assert moves() == {old: [301, ELSEWHERE] for old in ("/name.html", "/name.html/pier")}
    assert_all_is_well(site)

    for gone in (above, below):
        gone.delete()
        catch_up()
        assert_all_is_well(site)


@pytest.mark.parametrize("order", [1, -1])
def test_an_import_with_a_picture_below_a_file_is_whole(site, newsroom, tmp_path, order):
    post = item(30).replace("/2020/05/post-30/", "/2012/05/name.html")
    attached = item(31, "attachment", status="inherit").replace(
        "<wp:post_id>", "<wp:post_parent>30</wp:post_parent><wp:post_id>"
    )
    attached = attached.replace("/2020/05/attachment-31/", "/2012/05/name.html/pier/")
    export = tmp_path / "old.xml"
    export.write_text(wxr_text(*[post, attached][::order]))
    bring_in(export)
    catch_up()

    assert {"/2012/05/name.html", "/2012/05/name.html/pier"} <= moves().keys()
    assert_all_is_well(site)


OURS = [
    "/sitemap.xml",
    "/robots.txt",
    "/feed.xml",
    "/harbour/feed.json",
    "/404.html",
    "/index.html",
]


@pytest.mark.parametrize("old", OURS)
def test_a_file_of_ours_stays_whatever_redirects_there_are(site, section, old):
    add_story(section)
    catch_up()
    made = files_in(site)
    there = leads_away(old)[0]
    catch_up()
    assert files_in(site) == made
    assert moves() == {}
    assert_all_is_well(site)

    there.delete()
    catch_up()
    assert files_in(site) == made


def test_where_a_file_of_ours_was_the_redirect_answers_until_it_is_back(site, section):
    story = add_story(section)
    leads_away("/harbour/feed.xml")
    story.unpublish()
    catch_up()
    assert moves()["/harbour/feed.xml"] == [301, ELSEWHERE]
    assert not (site / "harbour/feed.xml").exists()
    assert_all_is_well(site)

    story.save_revision().publish()
    catch_up()
    assert "/harbour/feed.xml" not in moves()
    assert (site / "harbour/feed.xml").is_file()
    assert_all_is_well(site)


def test_what_a_program_answered_once_has_a_stub_below_it_too(site, section):
    leads_away("/index.php", "/index.php/2012/05/name", "/rss.xml", "/old.aspx")
    catch_up()

    stubs = ["index.php", "index.php/2012/05/name", "old.aspx"]
    assert all((site / stub / "index.html").is_file() for stub in stubs)
    assert not (site / "rss.xml").exists()
    assert moves()["/rss.xml"] == [301, ELSEWHERE]
    assert_all_is_well(site)


def test_what_stands_compressed_beside_a_file_is_no_folder(site, section):
    leads_away("/robots.txt.gz", "/old.html", "/old.html.br", "/old.html.gz/x")
    catch_up()

    assert (site / "old.html.gz").is_file()
    assert_all_is_well(site)


@pytest.mark.parametrize(
    "to", ["/self/", "/self", "/self/?x=1", "/self/#x", "{site}/self/", "/%73elf/index.html"]
)
def test_nothing_leads_to_itself(site, newsroom, settings, to):
    Redirect.add_redirect("/self", to.format(site=settings.SITE_ADDRESS))
    Redirect.add_redirect("/self/index.html", to.format(site=settings.SITE_ADDRESS))
    catch_up()

    assert moves() == {}
    assert not (site / "self").exists()


@pytest.mark.parametrize("to", ["//self/self/", "https://elsewhere.example/self/", "/self/x/"])
def test_the_same_address_elsewhere_is_another(site, newsroom, to):
    Redirect.add_redirect("/self", to)
    catch_up()

    assert moves() == {"/self": [301, to]}


def test_an_address_with_a_query_may_lead_to_the_one_without(site, newsroom):
    Redirect.add_redirect("/self?x=1", "/self/")
    Redirect.add_redirect("/self?x=2", "/self?x=2")
    catch_up()

    assert moves() == {"/self?x=1": [301, "/self/"]}


@pytest.mark.parametrize("old", ["", "/", "/index.html", "?x=1"])
def test_the_address_of_a_page_leads_to_no_other_but_with_a_query(site, section, old):
    Redirect.add_redirect(f"{section.url.rstrip('/')}{old}", ELSEWHERE)
    catch_up()

    assert moves() == ({f"/harbour{old}": [301, ELSEWHERE]} if "?" in old else {})
    assert b"elsewhere" not in (site / "harbour/index.html").read_bytes()


SIGNED = [
    "/.well-known/tamizdat/edition.json",
    "/.well-known/tamizdat/edition.json?x=1",
    "/.Well-known/security.txt",
    "//.well-known",
]


@pytest.mark.parametrize("old", SIGNED)
def test_the_signature_stays_where_it_is(site, newsroom, old):
    Redirect.objects.create(old_path=old, redirect_link=ELSEWHERE)
    catch_up()

    assert moves() == {}
    assert_all_is_well(site)
