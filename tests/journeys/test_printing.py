"""A story on paper: read where no network is, passed from hand to hand."""

import io
import re
import unicodedata

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.journeys.conftest import SCREENSHOTS, Lantern

pytestmark = pytest.mark.journey
ON_SCREEN_ALONE = ".banner, .ask, nav, footer ul, .skip, .share a"


def words(text: str) -> set[str]:
    """What can be compared: a PDF holds Arabic letters as they are drawn, and breaks lines."""
    plain = unicodedata.normalize("NFKC", text).replace("\u200c", " ")
    return {word for word in re.findall(r"\w+", plain) if len(word) > 3}


@pytest.mark.parametrize("front", ["/", "/ru/", "/fa/"])
def test_a_story_is_printed_whole_with_its_address_and_nothing_else(
    browser: Browser, lantern: Lantern, front: str
):
    with browser.new_context(base_url=lantern.address) as context:
        page = context.new_page()
        page.goto(front)
        page.locator("main h2 a").first.click()
        story = page.locator("article h1, article > p:not([class])").all_inner_texts()
        page.emulate_media(media="print")
        name = f"printed-{front.strip('/') or 'en'}.png"
        page.screenshot(path=SCREENSHOTS / name, full_page=True)
        on_paper = "".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf())).pages)

        assert len(words(" ".join(story))) > 200
        assert len(words(" ".join(story)) - words(on_paper)) < 5  # joined where the script changes
        assert page.url in re.sub(r"\s", "", on_paper)
        assert not page.locator(ON_SCREEN_ALONE).filter(visible=True).count()
        assert not words(page.locator(".share").text_content()) <= words(on_paper)
