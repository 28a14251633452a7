"""Search in the reader's browser, and what becomes of it when a story is taken away."""

import gzip
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import sync_playwright

from tamizdat.editions import baking, live, releasing, searching, settling
from tamizdat.editions.models import Edition
from tamizdat.stories.models import Story
from tests import browser as browsers
from tests.conftest import NOON
from tests.editions.conftest import add_section, add_story, later
from tests.theme.serving import served
from tests.theme.site import make_paper
from tests.theme.test_journeys import SCREENSHOTS, opened

pytestmark = pytest.mark.django_db


def volumes_of(site):
    return [path for path in site.rglob("*.pf_fragment")]


@pytest.fixture
def indexed(site, newsroom):
    """A story, found by search."""
    story = add_story(add_section(), "Cranes fall silent")
    baking.bake(now=NOON, workers=1)
    assert searching.make(now=NOON) == [0]
    baking.catch_up(now=NOON, workers=1)
    return story


def test_an_index_that_holds_every_story_comes_with_the_next_round(site, indexed):
    assert (site / "pagefind/volumes.json").read_text() == "[0]"
    assert (site / "pagefind/0/pagefind.js").is_file()
    assert len(volumes_of(site)) == 1
    assert not list(site.rglob("pagefind-ui*"))


def test_what_has_not_changed_is_not_made_anew(site, indexed):
    assert searching.make(now=later(1)) == []
    add_story(add_section("Courts"), "Fog")
    baking.catch_up(now=later(1), workers=1)
    assert searching.keep_up(now=later(1)) == [0]
    assert searching.keep_up(now=later(1, minutes=1)) == []


def test_a_story_that_is_taken_away_takes_its_volume_with_it_at_once(site, indexed):
    indexed.unpublish()
    baking.answer(now=later(1))

    assert volumes_of(site) == []
    assert not (site / "pagefind/0").exists()
    baking.catch_up(now=later(1), workers=1)
    assert (site / "pagefind/volumes.json").read_text() == "[]"


def test_a_volume_that_was_taken_away_is_back_first_and_without_delay(site, indexed, monkeypatch):
    courts = add_section("Courts")
    fog, _salt = add_story(courts, "Fog"), add_story(courts, "Salt")
    monkeypatch.setattr(searching, "IN_A_VOLUME", fog.pk)  # the older stories are volume 0
    baking.catch_up(now=later(1), workers=1)
    searching.keep_up(now=later(1))
    Story.objects.filter(pk=indexed.pk).update(kicker="Tide")
    fog.unpublish()
    baking.answer(now=later(1))

    assert searching.keep_up(now=later(1, seconds=5)) == [1, 0]


def test_words_of_a_story_taken_away_meanwhile_are_in_no_volume(site, indexed, monkeypatch):
    add_story(add_section("Courts"), "Fog")
    baking.catch_up(now=later(1), workers=1)
    index = searching._index

    def index_while_it_is_taken_away(*folders):
        index(*folders)
        indexed.unpublish()
        baking.answer(now=later(1))

    monkeypatch.setattr(searching, "_index", index_while_it_is_taken_away)
    assert searching.make(now=later(1)) == []


def found(site, word):
    return any(word in gzip.decompress(each.read_bytes()) for each in volumes_of(site))


def take_out_a_word(story):
    """Have it on the site and in search; then it is taken out at the desk."""
    for word in ("zanzibar", "calm"):
        story.body = [("paragraph", f"<p>{word}</p>")]
        story.save_revision().publish()
        if word == "zanzibar":
            baking.catch_up(now=later(1), workers=1)
            searching.make(now=later(1))
            baking.catch_up(now=later(1), workers=1)


def test_a_word_that_was_taken_out_goes_though_it_was_looked_for_before_that_was_live(
    site, indexed, monkeypatch
):
    take_out_a_word(indexed)
    assert found(site, b"zanzibar")
    real = baking._go_live

    def go_live(tally, *, now):
        searching.make(now=now)
        real(tally, now=now)

    monkeypatch.setattr(baking, "_go_live", go_live)
    baking.catch_up(now=later(1), workers=1)
    monkeypatch.undo()
    searching.make(now=later(1))
    baking.catch_up(now=later(1), workers=1)

    assert found(site, b"calm")
    assert not found(site, b"zanzibar")


def test_nothing_is_indexed_while_readers_have_an_older_edition(site, indexed):
    take_out_a_word(indexed)
    number = Edition.objects.latest().number
    baking.catch_up(now=later(1), workers=1)
    releasing.roll_back(number, now=later(1))

    assert searching.make(now=later(1)) == []
    settling.let_go()
    assert searching.make(now=later(1)) == [0]
    baking.catch_up(now=later(1), workers=1)
    assert not found(site, b"zanzibar")


def test_a_volume_of_which_a_page_was_lost_waits_until_it_is_mended(site, indexed):
    take_out_a_word(indexed)
    baking.catch_up(now=later(1), workers=1)
    path = "harbour/cranes-fall-silent/index.html"
    here = live.site()
    os.unlink(here.objects.file(here.manifest.get(here.root(), path).hash))

    assert searching.make(now=later(1)) == []
    baking.bake(now=later(1), workers=1)
    assert searching.make(now=later(1)) == [0]


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker, tmp_path_factory):
    """The little paper, searchable, behind a plain static server."""
    from django.conf import settings

    from tamizdat.config import founding

    folder = tmp_path_factory.mktemp("searched") / "site"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "SITE_ROOT", folder)
        founding.found()
        make_paper()
        baking.bake(now=NOON, workers=1)
        searching.make(now=NOON)
        baking.catch_up(now=NOON, workers=1)
        transaction.set_rollback(True)
    with served(folder) as root:
        yield root


@pytest.fixture(scope="module")
def browser(address):
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        yield started
        started.close()


WORDS = {"": ("ferries", "ferry"), "ru/": ("паромов", "паром"), "fa/": ("کشتی", "کشتی")}


@pytest.mark.journey
@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_finds_a_story_by_another_form_of_its_word(browser, address, language, width):
    asked, said = WORDS[language]
    with opened(browser, viewport={"width": width, "height": 900}) as page:
        page.goto(f"{address}/{language}search/")
        page.locator("#words").fill(asked)
        page.wait_for_selector("#found li")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = f"search-{language.strip('/') or 'en'}-{width}.png"
        page.screenshot(path=SCREENSHOTS / name, full_page=True)

        assert said in page.locator("#found").inner_text().lower()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
        page.locator("#found a").first.click()
        page.wait_for_selector("article h1")


@pytest.mark.journey
def test_what_is_typed_is_in_no_request(browser, address):
    with opened(browser) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/search/")
        page.locator("#words").fill("lantern")
        page.wait_for_selector("#count:not(:empty)")

        assert asked
        assert [url for url in asked if "lantern" in url or not url.startswith(address)] == []


@pytest.mark.journey
def test_without_javascript_search_is_a_list_of_everything(browser, address):
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/search/")

        assert not page.locator("#search").is_visible()
        assert page.locator("nav.archive a").count() >= 4
        page.locator("nav.archive a").first.click()
        assert page.locator("ol.stories").count() == 1
