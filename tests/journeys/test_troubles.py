"""What a supporter reads when something is not as it was: each page looked at, and left again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern
from tests.journeys.desk import find_gifts, give_back_whole, open_first
from tests.journeys.later import a_month_passes, cards_end, the_card_ends_soon
from tests.journeys.test_giving import (  # noqa: F401
    address,
    choose,
    confirm_by_mail,
    link_in,
    press,
    reach_the_bank,
)

pytestmark = pytest.mark.journey
Inspect = Callable[[Page, str], None]
WITH_JAVASCRIPT = pytest.mark.parametrize("reader", [True], ids=["with JavaScript"], indirect=True)
WITHOUT = pytest.mark.parametrize("reader", [False], ids=["without JavaScript"], indirect=True)


def give(reader: Page, lantern: Lantern, address: str, card: str = "0010") -> str:  # noqa: F811
    """$5 a month. The address of the page in the mail."""
    reach_the_bank(reader, lantern, address)
    press(reader, card)
    if "question" in reader.url:
        press(reader, "Yes, it is me")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    return link_in(lantern.mail_to(address, saying="Receipt number"), "/manage/")


def status(reader: Page):
    return reader.get_by_role("status").first


def test_another_card_is_named_and_nothing_is_taken(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    page = give(reader, lantern, address)
    reader.goto(page)
    inspect(reader, "manage-active")
    press(reader, "Use another card")
    expect(reader.get_by_text("Nothing is taken now")).to_be_visible()
    inspect(reader, "bank-another-card")
    press(reader, "0341")
    expect(status(reader)).to_contain_text("Nothing was taken now")
    inspect(reader, "card-kept")

    assert lantern.mail_to(address, saying="You give $5")
    reader.goto(page)
    press(reader, "Use another card")
    press(reader, "0643")
    expect(reader.get_by_role("alert")).to_contain_text("What helps instead")
    inspect(reader, "card-refused")

    reader.goto(page)
    press(reader, "Use another card")
    press(reader, "Do not pay, go back")
    expect(reader.locator("main")).to_contain_text("goes on as it was")
    inspect(reader, "card-left")


def test_another_day_and_one_left_out_and_then_stopped_and_given_again(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    reader.goto(give(reader, lantern, address))
    reader.get_by_label("On another day of the month").select_option("17")
    press(reader, "Change the day")
    expect(status(reader)).to_contain_text("17 ")
    press(reader, "Leave out the gift of")
    expect(status(reader)).to_contain_text("it is paused")
    inspect(reader, "manage-paused")

    press(reader, "Stop this gift")
    expect(status(reader)).to_contain_text("Nothing more is taken")
    inspect(reader, "manage-stopped")
    press(reader, "Give again: $5 each month")
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_bank_that_wants_to_hear_from_its_reader(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    give(reader, lantern, address, card="3238")
    a_month_passes(lantern, address)

    mail = lantern.mail_to(address, saying="wants to hear from you before it pays")
    assert "Nothing was taken" in mail
    reader.goto(link_in(mail, "/manage/"))
    inspect(reader, "manage-unconfirmed")
    press(reader, "Confirm it with my bank")
    press(reader, "3238")
    press(reader, "Yes, it is me")

    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    reader.goto(link_in(mail, "/manage/"))
    expect(status(reader)).to_contain_text("The next gift is on")


def test_a_card_that_has_expired(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    give(reader, lantern, address, card="0069")
    the_card_ends_soon(lantern, address)
    assert lantern.mail_to(address, saying="is good until")
    cards_end(lantern, "4000000000000069")
    a_month_passes(lantern, address)

    reader.goto(link_in(lantern.mail_to(address, saying="The card has expired"), "/manage/"))
    expect(status(reader)).to_contain_text("The card has expired")
    inspect(reader, "manage-expired-card")
    press(reader, "Pay with another card")
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_card_that_the_bank_refuses_and_then_a_smaller_gift(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    give(reader, lantern, address, card="0341")
    a_month_passes(lantern, address)

    reader.goto(link_in(lantern.mail_to(address, saying="the bank refused"), "/manage/"))
    expect(reader.locator("main")).to_contain_text("Nothing was taken for this time")
    inspect(reader, "manage-past-due")


@WITH_JAVASCRIPT
def test_no_mail_at_all_and_the_link_shown_once(reader: Page, lantern: Lantern, inspect: Inspect):
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    choose(reader, "Not at all")
    inspect(reader, "checkout-no-mail")
    press(reader, "Go on to the bank")
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    inspect(reader, "thanks-no-mail")
    press(reader, "Show me my link")
    inspect(reader, "thanks-link-shown")
    here = reader.url

    reader.locator("a[href*='/manage/']").click()
    expect(status(reader)).to_contain_text("You give $5 each month")
    inspect(reader, "manage-no-mail")
    reader.goto(here)
    expect(reader.locator("main")).to_contain_text("was shown, once")


@WITHOUT
def test_without_javascript_who_wants_no_mail_is_told_what_it_takes(reader: Page, inspect: Inspect):
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    choose(reader, "Not at all")
    press(reader, "Go on to the bank")

    expect(reader.get_by_role("alert")).to_contain_text("Please leave an address")
    expect(reader.get_by_label("$5", exact=True)).to_be_checked()
    inspect(reader, "checkout-no-mail-no-script")


def test_a_neutral_mail_names_nobody(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
):
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    choose(reader, "Without our name")
    reader.get_by_label("Your e-mail address").fill(address)
    press(reader, "Go on to the bank")
    confirm_by_mail(reader, lantern, address)
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()

    assert "Lantern" not in lantern.mail_to(address, saying="Receipt number")
    for mail in lantern.mails_to(address):
        assert mail["From"] == "notes@pages.example"
        assert "Lantern" not in mail.as_string()


def test_given_back_as_a_whole(
    editor: Page,
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    give(reader, lantern, address)
    reader.go_back()
    give_back_whole(editor, address)
    reference = editor.url.rstrip("/").rpartition("/")[2]

    assert "All of it was given back" in lantern.mail_to(address, saying="given back")
    reader.goto(f"/thanks/{reference}/")
    expect(reader.get_by_role("heading", name="Given back")).to_be_visible()
    inspect(reader, "given-back-whole")


def test_the_desk_does_what_a_supporter_wrote_to_ask_for(
    editor: Page,
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Inspect,
):
    give(reader, lantern, address)
    find_gifts(editor, address)
    open_first(editor)
    editor.get_by_role("link", name="each month").click()
    inspect(editor, "desk-pledge")
    editor.get_by_label("Reason").fill("Asked by letter of 3 May")
    press(editor, "Stop it")

    expect(editor.get_by_text("nothing more is taken")).to_be_visible()
    expect(editor.get_by_role("cell", name="Asked by letter of 3 May")).to_be_visible()
    inspect(editor, "desk-pledge-stopped")
    assert re.search("Nothing more is taken", lantern.mail_to(address, saying="stopped it"))
