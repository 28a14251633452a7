"""What fees take is said before a reader gives, and they may add it."""

import html
import re

import pytest

from tamizdat.funding import fees
from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money
from tamizdat.payments.models import Charge
from tamizdat.payments.providers.rates import Rate
from tests.funding.test_checkout import press, through_the_bank

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")
CARD = Rate.read("2.9% + 0.30 USD")


def each_year():
    return AmountLadder.objects.get(currency="USD", interval="year")


@pytest.mark.parametrize(
    ("language", "share", "fee"),
    [("en", "18%", "$0.36"), ("ru", "18\xa0%", "0,36\xa0$"), ("fa", "۱۸", "۰٫۳۶")],
)
def test_two_dollars_a_month_lose_a_sixth_to_fees(language, share, fee):
    said = fees.loss(Money(200, "USD"), CARD, yearly=each_year(), language=language)

    assert share in said.sentence
    assert fee in said.sentence


def test_where_fees_eat_much_a_year_at_once_is_proposed(client):
    said = fees.loss(Money(200, "USD"), CARD, yearly=each_year(), language="en")
    assert (said.year, "4%" in said.year_sentence) == (Money(2_400, "USD"), True)

    page = client.get("/checkout/?currency=USD&interval=month&from=/a/story/").content.decode()
    link = html.unescape(re.search(r'href="([^"]*interval=year&amp;amount=24&[^"]*)"', page)[1])
    yearly = client.get(re.sub(r"^https?://[^/]+", "", link)).content.decode()
    assert 'name="interval" value="year"' in yearly
    assert 'name="source_page" value="/a/story/"' in yearly


@pytest.mark.parametrize(("minor", "year"), [(200, 2_400), (500, 6_000), (2_000, None)])
def test_a_year_at_once_is_for_small_gifts(minor, year):
    proposed = fees.year_at_once(Money(minor, "USD"), CARD)

    assert (proposed and proposed.minor) == year


def test_of_a_large_gift_they_take_little_and_nothing_is_proposed():
    assert fees.loss(Money(2_000, "USD"), CARD, yearly=each_year(), language="en").year is None


def test_a_reader_may_add_the_fees_and_pays_what_the_page_said(client, nowhere):
    page = client.get("/checkout/?amount=5&currency=USD&interval=month").content.decode()
    assert "With the fees added you pay $5.46." in page

    through_the_bank(client, nowhere, press(client, covers_fees="on"))

    charge = Charge.objects.get()
    assert (charge.money, charge.state) == (Money(546, "USD"), "succeeded")


def test_fees_are_added_to_an_amount_of_ones_own(client):
    press(client, own="7", covers_fees="on")

    assert Charge.objects.get().money == CARD.so_that_arrives(Money(700, "USD"))


def test_where_nobody_knows_the_fees_none_are_named(client, nowhere, monkeypatch):
    monkeypatch.setattr(nowhere.provider, "rates", {})

    page = client.get("/checkout/?amount=5&currency=USD&interval=month").content.decode()

    assert "covers_fees" not in page
    assert "Fees" not in page
