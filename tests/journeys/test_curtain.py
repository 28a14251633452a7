"""Behind a network that cuts every connection short, the site is read and its asks are used."""

import gzip
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Lantern
from tests.journeys.curtain import LEFT_FOR_AN_ANSWER, Curtain, curtain

pytestmark = pytest.mark.journey

FRONTS = {"en": "/", "ru": "/ru/", "fa": "/fa/"}
STORY, SECTION = ".lead a[href], h2 a[href]", "nav a[href]"
SOON = 60_000  # ms: pictures that never come are in the way for a while


@pytest.fixture(params=["hang", "reset"])
def cut(request: pytest.FixtureRequest, lantern: Lantern) -> Iterator[Curtain]:
    with curtain(int(lantern.address.rpartition(":")[2]), end=request.param) as cut:
        yield cut


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, cut: Curtain) -> Iterator[Page]:
    context = browser.new_context(base_url=cut.address, java_script_enabled=request.param)
    context.set_default_timeout(SOON)
    yield context.new_page()
    context.close()


def arrive(page: Page, address: str) -> None:
    """Open it and see its first and its last words; pictures may never come."""
    page.goto(address, wait_until="commit")
    expect(page.locator("h1, h2").first).to_be_visible(timeout=SOON)
    expect(page.locator("body > footer").last).to_be_attached(timeout=SOON)


def give(page: Page) -> None:
    """Choose a sum of the ask and press its button: the checkout page comes, whole."""
    page.locator(".ask .choices label").last.click(no_wait_after=True)
    page.locator(".ask .go").click(no_wait_after=True)
    page.wait_for_url(re.compile(r"/checkout/\?.*amount="), wait_until="commit", timeout=SOON)
    expect(page.locator("form button").last).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("language", FRONTS)
def test_every_kind_of_page_is_read_whole_and_its_ask_is_used(page, cut, language):
    front = FRONTS[language]
    arrive(page, front)
    story = page.locator("main h2 a[href], main h3 a[href], main h1 a[href]").first
    section = page.locator("nav a[href]").first
    addresses = [story.get_attribute("href"), section.get_attribute("href"), f"{front}give/"]
    for address in addresses:
        arrive(page, address)
        if address != addresses[1]:  # a section has no ask
            give(page)


@pytest.mark.parametrize("language", FRONTS)
def test_what_is_on_the_wire_for_a_page_fits(lantern, language, capsys):
    sizes = {}
    for kind in ("", "give/", "checkout/"):
        address = f"{lantern.address}{FRONTS[language]}{kind}"
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as answer:
            body = answer.read()
            sizes[kind or "front"] = len(body) + len(str(answer.headers).encode())
            is_gzip = answer.headers["Content-Encoding"] == "gzip"
            assert b"</footer>" in (gzip.decompress(body) if is_gzip else body)
    with capsys.disabled():
        print(f"\non the wire, gzip and headers, {language}: {sizes}")
    assert all(size <= LEFT_FOR_AN_ANSWER for size in sizes.values())
