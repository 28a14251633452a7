"""An editor writes and publishes; a reader reads it among the baked files."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern

pytestmark = pytest.mark.journey


def write_story(editor: Page, headline: str) -> None:
    editor.goto("/desk/pages/search/?q=Harbour")
    section = editor.locator("main").get_by_role("link", name="Harbour", exact=True).first
    number = re.search(r"/pages/(\d+)/", section.get_attribute("href"))[1]
    editor.goto(f"/desk/pages/add/stories/story/{number}/")
    editor.get_by_role("textbox", name="Headline").fill(headline)
    editor.get_by_role("textbox", name="Standfirst").fill(
        "Its first act was to abolish the sandwich."
    )


def publish(editor: Page) -> None:
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    editor.wait_for_url("**/pages/*/")


def test_an_editor_publishes_and_a_reader_reads(
    editor: Page, reader: Page, lantern: Lantern, inspect: Callable[[Page, str], None]
):
    headline = f"Gulls form committee number {secrets.randbelow(10**6)}"
    write_story(editor, headline)
    inspect(editor, "desk-editor")
    publish(editor)

    slug = headline.lower().replace(" ", "-")
    reader.goto(f"/harbour/{slug}/")
    expect(reader.get_by_role("heading", name=headline)).to_be_visible()
    assert (lantern.home / f"site/harbour/{slug}/index.html.br").exists()

    reader.goto("/")
    expect(reader.get_by_role("link", name=headline).first).to_be_visible()


def test_the_desk_says_where_things_stand(editor: Page, inspect: Callable[[Page, str], None]):
    editor.goto("/desk/")

    expect(editor.get_by_text("Last edition")).to_be_visible()
    inspect(editor, "desk-home")
    editor.get_by_role("link", name="Books").click()
    expect(editor.get_by_text("Every currency sums to zero")).to_be_visible()
    inspect(editor, "desk-books")
