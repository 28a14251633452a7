"""A reader gives, is declined and tries again, changes their mind, and stops: from the mail."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Lantern

pytestmark = pytest.mark.journey
STORY = "/harbour/ferry-ledger/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def link_in(mail: str, path: str) -> str:
    return re.search(rf"https?://\S*{path}\S+", mail)[0]


def choose(page: Page, label: str) -> None:
    page.locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).click()


def reach_the_bank(reader: Page, lantern: Lantern, address: str) -> None:
    """From the ask at the end of a story: $5 a month."""
    reader.goto(STORY)
    choose(reader, "$5")
    press(reader, "Give $5 a month")
    fill_in_address(reader, address)
    press(reader, "Go on to the bank")
    confirm_by_mail(reader, lantern, address)
    expect(reader.get_by_role("heading", name="To pay")).to_contain_text("$5")


def fill_in_address(reader: Page, address: str) -> None:
    """Slower than the page's script arrives: whoever presses before that gets a mail instead."""
    expect(reader.get_by_label("Your e-mail address")).to_be_visible()
    reader.wait_for_load_state()
    reader.get_by_label("Your e-mail address").fill(address)


def confirm_by_mail(reader: Page, lantern: Lantern, address: str) -> None:
    """Without JavaScript nobody does the little sum: a link comes instead."""
    if "without-javascript" in address:
        expect(reader.get_by_role("heading", name="Look in your mail")).to_be_visible()
        reader.goto(link_in(lantern.mail_to(address, saying="/confirm/"), "/confirm/"))
        press(reader, "Go on to the bank")


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    letters = re.sub(r"\W+", "-", request.node.name).strip("-").lower()
    return f"{letters}@reader.example"


def test_monthly_in_three_screens_then_changed_and_stopped_from_the_mail(
    reader: Page, lantern: Lantern, address: str, inspect: Callable[[Page, str], None]
):
    reach_the_bank(reader, lantern, address)
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    inspect(reader, "thanks")

    reader.goto(link_in(lantern.mail_to(address, saying="Receipt number"), "/manage/"))
    reader.get_by_label("Another amount").fill("2.50")
    press(reader, "Change the amount")
    expect(reader.get_by_role("status").first).to_contain_text("$2.50")
    inspect(reader, "manage")

    press(reader, "Stop this gift")
    expect(reader.get_by_role("button", name="Stop this gift")).to_have_count(0)


def test_once_in_euros_with_3d_secure(reader: Page, lantern: Lantern, address: str):
    reader.goto("/checkout/")
    reader.get_by_role("link", name="Once").click()
    reader.get_by_role("link", name="EUR").click()
    reader.get_by_label("Or another amount").fill("12,50")
    fill_in_address(reader, address)
    press(reader, "Go on to the bank")
    confirm_by_mail(reader, lantern, address)
    press(reader, "3220")
    expect(reader.get_by_role("heading", name="Is it you?")).to_be_visible()
    press(reader, "Yes, it is me")

    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("€12.50")
    assert "€12.50" in lantern.mail_to(address, saying="Receipt number")


def test_declined_then_tried_again(
    reader: Page, lantern: Lantern, address: str, inspect: Callable[[Page, str], None]
):
    reach_the_bank(reader, lantern, address)
    press(reader, "9995")
    expect(reader.get_by_role("heading", name="Nothing was taken")).to_be_visible()
    inspect(reader, "declined")

    press(reader, "Try again")
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


def test_without_javascript_the_mail_s_page_and_the_one_before_it_can_be_read(
    reader: Page, lantern: Lantern, address: str, inspect: Callable[[Page, str], None]
):
    reader.goto("/checkout/?amount=5&currency=USD&interval=once")
    nothing = {"content_type": "text/javascript", "body": ""}
    reader.route("**/assets/proof*.js", lambda route: route.fulfill(**nothing))
    reader.reload()
    reader.get_by_label("Your e-mail address").fill(address)
    press(reader, "Go on to the bank")
    expect(reader.get_by_role("heading", name="Look in your mail")).to_be_visible()
    inspect(reader, "mailed")

    reader.goto(link_in(lantern.mail_to(address, saying="/confirm/"), "/confirm/"))
    inspect(reader, "confirm")


def test_a_wrong_amount_comes_back_with_what_to_do_and_nothing_lost(
    reader: Page, address: str, inspect: Callable[[Page, str], None]
):
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    reader.get_by_label("Or another amount").fill("1")
    reader.get_by_label("Your e-mail address").fill(address)
    press(reader, "Go on to the bank")

    expect(reader.get_by_role("alert").first).to_contain_text("$2")
    expect(reader.get_by_label("Your e-mail address")).to_have_value(address)
    inspect(reader, "checkout-with-a-problem")


@pytest.mark.parametrize("prefix", ["", "/ru", "/fa"], ids=["en", "ru", "fa"])
@pytest.mark.parametrize("path", ["/checkout/", "/checkout/?interval=once", "/remind/", "/give/"])
def test_every_page_on_the_way_can_be_read_by_everyone(
    reader: Page, prefix: str, path: str, inspect: Callable[[Page, str], None]
):
    reader.goto(prefix + path)

    name = re.sub(r"\W+", "-", path).strip("-")
    inspect(reader, f"{name}{prefix.replace('/', '-') or '-en'}")


def test_who_gave_is_thanked_and_not_asked(browser: Browser, lantern: Lantern, address: str):
    with browser.new_context(base_url=lantern.address) as context:
        reader = context.new_page()
        reader.goto(STORY)
        expect(reader.locator(".banner")).to_be_visible()
        reach_the_bank(reader, lantern, address)
        press(reader, "0010")
        expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
        expect(reader.locator(".banner")).to_have_count(0)

        reader.get_by_role("link", name="Go on reading").click()
        reader.wait_for_url(f"{lantern.address}/")
        reader.goto(STORY)
        reader.wait_for_load_state("networkidle")
        expect(reader.locator(".banner")).to_be_hidden()
        expect(reader.locator(".ask form")).to_be_hidden()
