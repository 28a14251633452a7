"""A reader keeps a receipt and a year's statement; the desk looks at exports and the books."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern
from tests.journeys.test_giving import address, link_in, press, reach_the_bank  # noqa: F401

pytestmark = pytest.mark.journey


def test_from_the_thanks_to_a_receipt_and_from_the_mail_to_a_year(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reach_the_bank(reader, lantern, address)
    press(reader, "0010")
    reader.get_by_role("link", name="Receipt").click()
    expect(reader.get_by_role("heading", name="Receipt")).to_be_visible()
    inspect(reader, "receipt")
    paper = reader.request.get(reader.url.rstrip("/") + ".pdf")
    assert paper.body().startswith(b"%PDF")

    reader.goto(link_in(lantern.mail_to(address, saying="Receipt number"), "/manage/"))
    reader.locator("main").get_by_role("link").filter(has_text="20").first.click()
    expect(reader.get_by_role("heading", name="What you gave in")).to_be_visible()
    inspect(reader, "statement")


def test_the_desk_asks_for_an_export_and_reads_a_month_of_the_books_and_the_figures(
    editor: Page, inspect: Callable[[Page, str], None]
):
    for name in ("exports", "books", "figures"):
        editor.goto(f"/desk/{name}/")
        inspect(editor, f"desk-{name}")
