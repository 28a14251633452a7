"""A reader who is not ready today asks to be reminded, gives from the mail, or is forgotten."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Lantern
from tests.journeys.later import the_month_of_a_reminder_comes
from tests.journeys.test_giving import (
    address,  # noqa: F401
    choose,
    confirm_by_mail,
    fill_in_address,
    link_in,
    press,
)

pytestmark = pytest.mark.journey


def test_reminded_later_then_giving_from_the_mail_and_asked_again_after_a_year(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    inspect: Callable[[Page, str], None],
):
    ask_to_be_reminded(reader, address)
    the_month_of_a_reminder_comes(lantern, address)
    mail = lantern.mail_to(address, saying="$25")
    reader.goto(link_in(mail, "/remind/forget/"))
    expect(reader.get_by_text(f"{address[0]}…@")).to_be_visible()
    inspect(reader, "remind-stored")

    give_from(mail, reader, lantern, address)
    inspect(reader, "thanks-once")

    press(reader, "Ask me again next year")
    reader.get_by_label("Every year in that month").check()
    inspect(reader, "remind-after")
    reader.get_by_label("Your e-mail address").fill(address)
    press(reader, "Remind me")
    expect(reader.get_by_text("each year")).to_be_visible()
    forget_by(mail, reader)


def ask_to_be_reminded(reader: Page, who: str) -> None:
    reader.goto("/remind/?amount=25&currency=USD&interval=once")
    expect(reader.get_by_role("heading", name="When shall we ask again?")).to_be_visible()
    reader.get_by_label("Your e-mail address").fill(who)
    press(reader, "Remind me")
    expect(reader.get_by_role("heading", name="We will remind you")).to_be_visible()


def give_from(mail: str, reader: Page, lantern: Lantern, who: str) -> None:
    reader.goto(link_in(mail, "/checkout/"))
    fill_in_address(reader, who)
    press(reader, "Go on to the bank")
    confirm_by_mail(reader, lantern, who)
    press(reader, "0010")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


def forget_by(mail: str, reader: Page) -> None:
    reader.goto(link_in(mail, "/remind/forget/"))
    press(reader, "Forget my address")
    expect(reader.get_by_role("heading", name="Forgotten")).to_be_visible()
    reader.goto(link_in(mail, "/remind/forget/"))
    expect(reader.get_by_role("heading", name="Nothing is kept of you")).to_be_visible()


def test_reminded_later_from_the_ask(reader: Page, inspect: Callable[[Page, str], None]):
    reader.goto("/harbour/ferry-ledger/")
    choose(reader, "$5")
    reader.get_by_role("button", name="Remind me later").click()
    expect(reader.get_by_role("heading", name="When shall we ask again?")).to_be_visible()
    inspect(reader, "remind")

    reader.get_by_label("Your e-mail address").fill("odra@reader.example")
    reader.get_by_role("button", name="Remind me", exact=True).click()

    expect(reader.get_by_label("Your e-mail address")).to_have_count(0)
    inspect(reader, "remind-kept")


def test_an_address_that_is_none_is_kept_and_explained(reader: Page):
    reader.goto("/remind/")
    reader.get_by_label("Your e-mail address").fill("odra at home")
    reader.get_by_role("button", name="Remind me", exact=True).click()

    expect(reader.get_by_role("alert")).to_be_visible()
    expect(reader.get_by_label("Your e-mail address")).to_have_value("odra at home")
