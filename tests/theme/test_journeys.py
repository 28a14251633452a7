"""What a reader's browser makes of the pages, as baked and served by a plain static server.

The pictures of the pages are written to var/screenshots/, to be looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, Page, sync_playwright

from tamizdat.config import founding
from tamizdat.editions import baking
from tests import browser as browsers
from tests.conftest import NOON
from tests.theme.serving import served
from tests.theme.site import VIDEO, make_paper

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
LANGUAGES = ["en", "ru", "fa"]
KINDS = ["front", "section", "story", "everything", "author", "authors", "give", "404"]
BANNER_LINES = """(e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))
  (document.querySelector('.banner span'))"""
# A link within a sentence may be as small as its letters (WCAG 2.5.8); what stands alone may not.
SMALL_TARGETS = """() =>
  [...document.querySelectorAll("nav a, footer a, button, .quiet, .choices label, .banner a")]
  .filter(e => !e.closest(".more") && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
CONTROLS = """document.querySelectorAll(
  "a[href], button, input:not([type=hidden], [type=radio]), input:checked").length"""
FOCUS = """() => {
  const e = document.activeElement, marked = e.type === "radio" ? e.nextElementSibling : e;
  const style = getComputedStyle(marked), box = marked.getBoundingClientRect();
  const isRinged = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [e.outerHTML.slice(0, 90), isRinged && box.right > 0 && box.bottom > 0];
}"""
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
        baking.bake(now=NOON, workers=1)
        transaction.set_rollback(True)
    for code in LANGUAGES:
        prefix = "/" if code == "en" else f"/{code}/"
        paths |= {f"{code} give": f"{prefix}give/", f"{code} 404": f"{prefix}404.html"}
    with served(folder) as root:
        yield {name: root + quote(path, safe="/%") for name, path in paths.items()}


@pytest.fixture(scope="module")
def browser(addresses) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        started = chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of a new context. Whatever its console complains of fails the test."""
    options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
    with browser.new_context(**options) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"{message.text} {message.location}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert complaints == []


@pytest.fixture
def tab(browser) -> Iterator[Page]:
    with opened(browser) as page:
        yield page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_its_screen(browser, addresses, language, width, scheme):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with opened(browser, **screen) as page:
        for kind in KINDS:
            page.goto(addresses[f"{language} {kind}"])
            assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
            page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
            page.wait_for_load_state("networkidle")
            name = f"{kind}-{language}-{width}-{scheme}.png"
            page.screenshot(path=SCREENSHOTS / name, full_page=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("fa", 360, "dark")],
)
def test_everybody_can_use_every_kind_of_page(browser, addresses, kind, language, width, scheme):
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with opened(browser, **screen) as page:
        page.goto(addresses[f"{language} {kind}"])

        assert Axe().run(page).response["violations"] == []
        assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("kind", ["front", "section", "story", "give"])
def test_a_page_at_twice_its_size_loses_nothing(browser, addresses, kind):
    with opened(browser, viewport={"width": 640, "height": 400}, device_scale_factor=2) as page:
        page.goto(addresses[f"en {kind}"])

        assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("kind", ["front", "story", "everything", "give"])
def test_without_a_mouse_one_always_sees_where_one_is(tab, addresses, kind):
    tab.goto(addresses[f"en {kind}"])
    tab.wait_for_load_state("networkidle")  # a banner comes with a button
    controls = tab.evaluate(CONTROLS)
    seen = []
    for _ in range(controls):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate(FOCUS))

    assert len(seen) > 5
    assert [name for name, is_seen in seen if not is_seen] == []


def test_the_first_tab_leads_past_the_head_of_the_page(tab, addresses):
    tab.goto(addresses["en story"])
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")

    assert tab.url.endswith("#main")
    assert tab.evaluate("!!document.activeElement.closest('main')")


def test_a_press_opens_an_embed_in_a_sandbox_that_is_not_told_where_it_is(tab, addresses):
    asked = []
    tab.route("https://player.vimeo.com/**", lambda route: asked.append(route) or route.fulfill())
    tab.goto(addresses["en everything"])
    assert asked == []
    tab.locator("a[data-frame]").click()
    frame = tab.locator("iframe")

    assert frame.get_attribute("sandbox") == "allow-scripts allow-same-origin"
    assert frame.get_attribute("referrerpolicy") == "no-referrer"
    tab.wait_for_function("frames.length === 1")
    assert [route.request.headers.get("referer") for route in asked] == [None]


def test_without_javascript_an_embed_is_a_link(browser, addresses):
    with opened(browser, java_script_enabled=False) as page:
        page.goto(addresses["en everything"])

        assert page.locator(".embed a").first.get_attribute("href") == VIDEO
        assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("kind", ["front", "story", "everything"])
def test_nothing_moves_after_the_first_paint(tab, addresses, kind):
    tab.goto(addresses[f"en {kind}"])

    assert tab.evaluate(LAYOUT_SHIFT) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_takes_at_most_two_lines_of_a_telephone(browser, addresses, language):
    with opened(browser, viewport={"width": 360, "height": 800}) as page:
        page.goto(addresses[f"{language} story"])
        assert round(page.evaluate(BANNER_LINES)) <= 2


def test_the_button_of_the_ask_says_what_it_will_do(browser, addresses):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(addresses["en story"])
        button = page.locator(".ask .go")
        assert button.inner_text() == "Give $5 a month"
        page.get_by_label("$10", exact=True).check()
        assert button.inner_text() == "Give $10 a month"
