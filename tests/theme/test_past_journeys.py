"""Walking through the archive, with JavaScript and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tamizdat.editions import baking
from tamizdat.stories.models import Author, Authors, Byline, Story
from tests import browser as browsers
from tests.conftest import NOON
from tests.theme.serving import served
from tests.theme.test_journeys import SCREENSHOTS, opened
from tests.theme.test_past import archive, correct  # noqa: F401

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
PLACES = ["порт", "порт/2025/10", "corrections", "search", "authors/ана", "authors/ана/2025"]


@pytest.fixture
def address(site, archive):  # noqa: F811
    """An archive of three months of one author, and what was wrong in it."""
    index = Authors.objects.get(locale=archive.locale)
    author = index.add_child(instance=Author(title="Ана", slug="ана", locale=archive.locale))
    for story in Story.objects.all():
        Byline.objects.create(of=story, author=author)
    correct(Story.objects.first(), NOON.date(), "Паром уходит в шесть, а не в семь, как мы писали.")
    baking.bake(now=NOON, workers=1)
    with served(site) as root:
        yield f"{root}/ru"


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        yield started
        started.close()


def test_the_past_fits_its_screen_and_everybody_can_use_it(address, browser):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        with opened(browser, viewport={"width": width, "height": 900}) as page:
            for place in PLACES:
                page.goto(f"{address}/{place}/")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, place
                assert Axe().run(page).response["violations"] == [], place
                name = f"past-{place.replace('/', '-')}-{width}.png"
                page.screenshot(path=SCREENSHOTS / name, full_page=True)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_reader_walks_from_a_section_into_its_past(address, browser, has_script):
    with opened(browser, java_script_enabled=has_script) as page:
        page.goto(f"{address}/порт/")
        page.locator("nav.archive a").last.click()
        assert page.locator("h1").inner_text() == "сентябрь 2025"
        page.locator("a[rel=next]").click()
        assert page.locator("h1").inner_text() == "октябрь 2025"
        page.locator("ol.stories a").first.click()
        assert page.locator("h1").inner_text() == "Story 10-1"


def test_on_paper_a_story_is_the_story(address, browser):
    with opened(browser) as page:
        page.goto(f"{address}/порт/story-10-1/")
        page.emulate_media(media="print")
        page.screenshot(path=SCREENSHOTS / "print-ru.png", full_page=True)

        for hidden in (".share a", "nav", ".banner", ".ask"):
            assert not any(each.is_visible() for each in page.locator(hidden).all()), hidden
        assert page.locator("article h1").is_visible()
