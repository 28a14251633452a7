"""A reader pays in coins, and first says where they are not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_giving import choose, press

pytestmark = pytest.mark.journey
SAYS = "Crypto: I am not in, and do not pay from: Belarus, Iran, or Russia."


def test_who_pays_in_coins_says_where_they_are_not_and_gives_once(
    reader: Page, inspect: Callable[[Page, str], None]
):
    reader.goto("/checkout/?interval=once&currency=EUR&amount=10")
    expect(reader.get_by_label(SAYS)).to_be_hidden()
    expect(reader.locator(".losses")).to_contain_text("Fees take about")
    expect(reader.locator(".losses")).to_be_visible()
    choose(reader, "Crypto")
    expect(reader.get_by_label(SAYS)).to_be_visible()
    expect(reader.locator(".losses")).to_be_hidden()
    inspect(reader, "checkout-coins")

    press(reader, "Go on to the bank")
    expect(reader.get_by_role("alert").first).to_contain_text("Please say this first")
    inspect(reader, "checkout-coins-unsaid")
    reader.get_by_label(SAYS).check()
    press(reader, "Go on to the bank")
    press(reader, "Send the coins")

    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("€10")


def test_who_comes_back_without_paying_can_go_back_or_choose_again(
    reader: Page, inspect: Callable[[Page, str], None]
):
    reader.goto("/checkout/?interval=once&currency=EUR&amount=10")
    choose(reader, "Crypto")
    reader.get_by_label(SAYS).check()
    press(reader, "Go on to the bank")
    press(reader, "Go back")
    expect(reader.get_by_role("heading", name="Not finished yet")).to_be_visible()
    inspect(reader, "coins-unfinished")

    press(reader, "Change the amount or the way to pay")
    expect(reader.get_by_role("button", name="Go on to the bank")).to_be_visible()


def test_each_month_nobody_is_offered_coins(reader: Page):
    reader.goto("/checkout/?interval=month&currency=EUR")

    expect(reader.locator("[value=crypto]")).to_have_count(0)
