"""Readers give through Stripe's page and through PayPal's, and the month after, without a page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import processors
from tests.journeys.conftest import Lantern, running
from tests.journeys.desk import give_back_whole
from tests.journeys.later import a_month_passes, halted
from tests.journeys.processors import Processors
from tests.journeys.test_giving import (  # noqa: F401
    address,
    choose,
    confirm_by_mail,
    fill_in_address,
    link_in,
    press,
)
from tests.patience import until

pytestmark = pytest.mark.journey
Inspect = Callable[[Page, str], None]
WORKS, EMPTY, RUSSIAN = "0010", "9995", "0643"
ASKS, ASKS_ALWAYS = "3220", "3238"
each_way = pytest.mark.parametrize("way", ["Card", "PayPal"])


@pytest.fixture(scope="module")
def banks() -> Iterator[Processors]:
    with processors.at_ports() as both:
        yield both


@pytest.fixture(scope="module")
def lantern(tmp_path_factory: pytest.TempPathFactory, banks: Processors) -> Iterator[Lantern]:
    with running(tmp_path_factory.mktemp("at-processors"), banks.settings) as lantern:
        yield lantern


def reach_its_page(reader: Page, lantern: Lantern, address: str, way: str) -> None:  # noqa: F811
    """$5 a month, from the form."""
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    choose(reader, way)
    fill_in_address(reader, address)
    press(reader, "Go on to the bank")
    confirm_by_mail(reader, lantern, address)
    expect(reader.get_by_role("heading", name="To a")).to_be_visible()


def enter(reader: Page, number: str) -> None:
    reader.get_by_label("Number").fill(f"400000000000{number}")
    press(reader, "Go on")


def taken(banks: Processors) -> int:
    """How often either took money."""
    return len(banks.stripe.money_taken()) + len(banks.paypal.money_taken())


def still_possible(banks: Processors) -> list[str]:
    """Pages and payments that could take money yet, of readers who left for instance."""
    return banks.stripe.still_possible() + banks.paypal.still_possible()


@each_way
def test_each_month_and_nobody_else_is_asked_for_anything_before_the_reader_goes_there(
    reader: Page,
    lantern: Lantern,
    banks: Processors,
    address: str,  # noqa: F811
    way: str,
    inspect: Inspect,
):
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto("/checkout/?amount=5&currency=USD&interval=month")
    choose(reader, way)
    inspect(reader, f"checkout-{way.lower()}")
    assert [url for url in asked if not url.startswith(lantern.address)] == []

    reach_its_page(reader, lantern, address, way)
    enter(reader, WORKS)
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    inspect(reader, f"thanks-{way.lower()}")

    before = taken(banks)
    a_month_passes(lantern, address)
    until(lambda: taken(banks) == before + 1, what="the next gift, without a page")
    reader.goto(link_in(lantern.mail_to(address, saying="Receipt number"), "/manage/"))
    expect(reader.get_by_role("status").first).to_contain_text("You give $5 each month")
    inspect(reader, f"manage-{way.lower()}")


@each_way
def test_declined_then_left_and_then_paid(
    reader: Page,
    lantern: Lantern,
    banks: Processors,
    address: str,  # noqa: F811
    way: str,
    inspect: Inspect,
):
    before = taken(banks)
    reach_its_page(reader, lantern, address, way)
    enter(reader, EMPTY)
    expect(reader.get_by_role("heading", name="Nothing was taken")).to_be_visible()
    inspect(reader, f"declined-{way.lower()}")
    assert taken(banks) == before

    press(reader, "Try again")
    press(reader, "Go back")
    expect(reader.get_by_role("heading", name="Not finished yet")).to_be_visible()
    inspect(reader, f"unfinished-{way.lower()}")
    assert taken(banks) == before

    press(reader, "Go on to the bank")
    enter(reader, WORKS)
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    assert taken(banks) == before + 1


@each_way
def test_from_a_country_where_giving_is_a_crime_nothing_is_taken(
    reader: Page,
    lantern: Lantern,
    banks: Processors,
    address: str,  # noqa: F811
    way: str,
    inspect: Inspect,
):
    before, open_before = taken(banks), still_possible(banks)
    reach_its_page(reader, lantern, address, way)
    enter(reader, RUSSIAN)
    expect(reader.get_by_text("What helps instead").first).to_be_visible()
    inspect(reader, f"refused-{way.lower()}")

    assert (taken(banks), still_possible(banks)) == (before, open_before)


@each_way
def test_halted_while_the_reader_is_at_the_page(
    reader: Page,
    lantern: Lantern,
    banks: Processors,
    address: str,  # noqa: F811
    way: str,
    inspect: Inspect,
):
    before = taken(banks)
    reach_its_page(reader, lantern, address, way)
    with halted(lantern, "US"):
        enter(reader, WORKS)
        expect(reader.locator("main")).to_contain_text("Nothing was taken")
        inspect(reader, f"halted-{way.lower()}")
    assert taken(banks) == before


def test_a_card_whose_bank_wants_to_hear_from_its_reader_each_time(
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
):
    reach_its_page(reader, lantern, address, "Card")
    enter(reader, ASKS_ALWAYS)
    press(reader, "Yes, it is me")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    a_month_passes(lantern, address)

    mail = lantern.mail_to(address, saying="wants to hear from you before it pays")
    reader.goto(link_in(mail, "/manage/"))
    press(reader, "Confirm it with my bank")
    enter(reader, ASKS_ALWAYS)
    press(reader, "Yes, it is me")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


@each_way
def test_after_a_question_of_the_bank_and_given_back_at_the_desk(
    editor: Page,
    reader: Page,
    lantern: Lantern,
    address: str,  # noqa: F811
    way: str,
):
    reach_its_page(reader, lantern, address, way)
    enter(reader, ASKS)
    press(reader, "Yes, it is me")
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    give_back_whole(editor, address)

    assert "All of it was given back" in lantern.mail_to(address, saying="given back")
