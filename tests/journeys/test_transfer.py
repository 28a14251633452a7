"""A reader sends from their bank; the desk takes in the statement; the same page says thank you."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_giving import address, choose, press  # noqa: F401
from tests.payments.camt_file import entry, of

pytestmark = pytest.mark.journey


def reach_the_details(reader: Page, address: str, interval: str = "once") -> str:  # noqa: F811
    """From the form to the page with our account. Returns the reference on it."""
    reader.goto(f"/checkout/?currency=EUR&interval={interval}&amount=10")
    choose(reader, "Bank transfer")
    reader.get_by_label("Bank transfer: I am not in").check()
    reader.get_by_label("Your e-mail address").fill(address)
    press(reader, "Go on to the bank")
    expect(reader.get_by_role("heading", name="Send it from your bank")).to_be_visible()
    return reader.locator("dd .copy").last.text_content() or ""


def take_in(editor: Page, *entries: str, number: str) -> None:
    editor.goto("/desk/bank/")
    content = of(*entries, number=number, first=today(), last=today())
    file = {"name": "statement.xml", "mimeType": "application/xml", "buffer": content}
    editor.get_by_label("A statement of your bank").set_input_files(file)
    press(editor, "Take it in")


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_sent_taken_in_and_thanked_for(
    reader: Page,
    editor: Page,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reference = reach_the_details(reader, address, "month")
    assert re.fullmatch(r"RF\d\d[B-Z]{12}", reference)
    inspect(reader, "transfer-monthly")

    take_in(editor, entry(1000, reference.lower(), day=today()), number=address)
    expect(editor.locator(".messages")).to_contain_text("1 gifts booked")

    reader.reload()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("we never ask your bank")
    inspect(reader, "transfer-thanks")


@pytest.mark.parametrize("prefix", ["", "/ru", "/fa"], ids=["en", "ru", "fa"])
def test_the_details_can_be_read_copied_and_printed_by_everyone(
    reader: Page,
    prefix: str,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reference = reach_the_details(reader, address)
    reader.goto(prefix + reader.url.partition(reader.url.split("/")[2])[2])

    expect(reader.locator("dd .copy").last).to_have_text(reference)
    expect(reader.locator(".qr svg")).to_be_visible()
    inspect(reader, f"transfer{prefix.replace('/', '-') or '-en'}")
    reader.emulate_media(media="print")
    inspect(reader, f"transfer-printed{prefix.replace('/', '-') or '-en'}")


def test_one_press_takes_a_whole_value_without_its_gaps(reader: Page, address: str):  # noqa: F811
    reference = reach_the_details(reader, address)

    reader.locator("dd .copy").last.click()

    selected = "document.getSelection().toString()"
    assert reader.evaluate(selected) == reference


def test_the_desk_decides_about_what_is_not_certain(
    editor: Page,
    reader: Page,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    reference = reach_the_details(reader, address)
    take_in(editor, entry(900, reference, day=today()), number=f"other {address}")
    inspect(editor, "desk-bank")

    editor.locator("table.listing").first.get_by_role("link").last.click()
    expect(editor.get_by_text("Another sum was promised.")).to_be_visible()
    inspect(editor, "desk-bank-line")
    press(editor, "Book it as this giver's")
    expect(editor.locator(".messages")).to_contain_text("Done.")

    reader.reload()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("€9")


def test_of_a_new_csv_the_desk_says_once_which_column_is_what(
    editor: Page, inspect: Callable[[Page, str], None]
):
    content = "Datum;Betrag;Verwendungszweck\n23.11.2026;5,00;Spende\n24.11.2026;-7,50;Miete\n"
    editor.goto("/desk/bank/")
    file = {"name": "umsatz.csv", "mimeType": "text/csv", "buffer": content.encode()}
    editor.get_by_label("A statement of your bank").set_input_files(file)
    press(editor, "Take it in")
    inspect(editor, "desk-bank-layout")

    press(editor, "Show how it would be read")
    expect(editor.get_by_text("2 rows can be read")).to_be_visible()
    press(editor, "Keep, and take the file in")
    expect(editor.locator(".messages")).to_contain_text("2 new lines")
