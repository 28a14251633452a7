"""What a reader's browser makes of the pages, as baked and served by a plain static server.

The pictures of the pages are written to var/screenshots/, to be looked at.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tamizdat.config import founding
from tamizdat.editions import baking
from tests import browser as browsers
from tests.conftest import NOON
from tests.theme.serving import served
from tests.theme.site import make_paper

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
LANGUAGES = ["en", "ru", "fa"]
KINDS = ["front", "section", "story", "everything", "author", "authors", "give", "404"]
LAYOUT_SHIFT = """() => new Promise(answer => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
    .observe({type: "layout-shift", buffered: true});
  scrollTo(0, document.body.scrollHeight);
  setTimeout(() => answer(sum), 300);
})"""


@pytest.fixture(scope="module")
def addresses(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, str]]:
    """The little paper baked and served: `ru story` → its address."""
    folder = tmp_path_factory.mktemp("baked")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "SITE_ROOT", folder)
        founding.found()
        paths = {
            f"{code} {kind}": page.url
            for code, paper in make_paper().items()
            for kind, page in paper.pages.items()
        }
        baking.bake(why="a journey", now=NOON)
        transaction.set_rollback(True)
    for code in LANGUAGES:
        prefix = "/" if code == "en" else f"/{code}/"
        paths |= {f"{code} give": f"{prefix}give/", f"{code} 404": f"{prefix}404.html"}
    with served(folder) as root:
        yield {name: root + quote(path, safe="/%") for name, path in paths.items()}


@pytest.fixture(scope="module")
def browser(addresses) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs beside the tests; the database is used before and after it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium
        started = chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        yield started
        started.close()


@pytest.fixture(params=[360, 1280])
def width(request) -> int:
    return request.param


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def context(browser, width, scheme) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield opened
    opened.close()


@pytest.fixture
def tab(context) -> Iterator[Page]:
    """A page of a browser. Whatever its console complains of fails the test."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.text} {message.location}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [line for line in complaints if "/favicon.ico" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_screen_and_everybody_can_use_it(
    tab, addresses, language, kind, width, scheme
):
    tab.goto(addresses[f"{language} {kind}"])

    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(tab).response["violations"] == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    tab.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
    tab.wait_for_load_state("networkidle")
    name = f"{kind}-{language}-{width}-{scheme}.png"
    tab.screenshot(path=SCREENSHOTS / name, full_page=True)


@pytest.mark.parametrize("scheme", ["light"], indirect=True)
@pytest.mark.parametrize("kind", ["front", "story", "everything"])
def test_nothing_moves_after_the_first_paint(tab, addresses, kind):
    tab.goto(addresses[f"en {kind}"])

    assert tab.evaluate(LAYOUT_SHIFT) == 0


@pytest.mark.parametrize("scheme", ["light"], indirect=True)
@pytest.mark.parametrize("width", [360], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_takes_at_most_two_lines_of_a_telephone(tab, addresses, language):
    tab.goto(addresses[f"{language} story"])
    lines = tab.evaluate(
        "(e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"
        "(document.querySelector('.banner span'))"
    )

    assert round(lines) <= 2


def test_the_button_of_the_ask_says_what_it_will_do(browser, addresses):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(addresses["en story"])
        button = page.locator(".ask .go")
        assert button.inner_text() == "Give $5 a month"
        page.get_by_label("$10", exact=True).check()
        assert button.inner_text() == "Give $10 a month"
