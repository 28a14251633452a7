import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import CurrencyMismatch, Money, NotAnAmount

currencies = st.sampled_from(sorted(list_currencies("en")))


@given(minor=st.integers(-(10**12), 10**12), parts=st.integers(1, 100))
def test_split_loses_nothing_and_is_fair(minor, parts):
    shares = [share.minor for share in Money(minor, "EUR").split(parts)]

    assert sum(shares) == minor
    assert max(shares) - min(shares) <= 1


def test_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "GEL")


def test_in_the_books_every_amount_has_all_its_decimals():
    amounts = [(455, "USD"), (-500, "USD"), (5, "JPY"), (5000, "KWD"), (50, "RSD")]

    assert [Money(*each).in_full("en") for each in amounts] == [
        "$4.55",
        "-$5.00",
        "¥5",
        "KWD5.000",
        "RSD0.50",
    ]
    whole = Money(-500, "USD")
    assert whole.in_full("ru") == "-5,00\N{NO-BREAK SPACE}$"


@given(minor=st.integers(0, 10**12), currency=currencies)
def test_what_is_written_is_read_back_to_the_minor_unit(minor, currency):
    money = Money(minor, currency)

    assert Money.parse(str(money.major), currency) == money


@given(minor=st.integers(0, 10**9), currency=currencies)
def test_more_decimals_than_the_currency_has_are_refused_not_rounded(minor, currency):
    too_fine = Money(minor, currency).major + (Money(1, currency).major / 10 * 3)

    with pytest.raises(NotAnAmount):
        Money.parse(str(too_fine), currency)


@pytest.mark.parametrize(
    ("typed", "cents"), [("2", 200), (" 2,50 ", 250), ("۲٫۵", 250), ("19.99", 1999), ("٢", 200)]
)
def test_people_type_amounts_in_their_own_way(typed, cents):
    assert Money.parse(typed, "USD") == Money(cents, "USD")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "two",
        "1,000.00",
        "10,000",
        "2.500",
        "1_000",
        "1e1",
        "NaN",
        "Infinity",
        "1e999999",
        "2.505",
        "$2",
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(NotAnAmount):
        Money.parse(typed, "USD")


def test_every_currency_that_has_no_cents_is_whole():
    assert Money.parse("500", "JPY") == Money(500, "JPY")


@pytest.mark.parametrize(
    ("language", "written"), [("en", "$5"), ("ru", "5\xa0$"), ("fa", "\u200e$\xa0۵")]
)
def test_an_amount_is_written_as_its_readers_write_it(language, written):
    assert Money(500, "USD").format(language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "€1,234.50"), ("ru", "1\xa0234,50\xa0€"), ("fa", "\u200e€\xa0۱٬۲۳۴٫۵۰")],
)
def test_cents_and_thousands_are_set_off_as_the_language_does(language, written):
    assert Money(123450, "EUR").format(language) == written


def test_cents_are_shown_when_there_are_any():
    assert Money(250, "EUR").format("en") == "€2.50"
    assert Money(250, "EUR").format("fa") == "\u200e€\xa0۲٫۵۰"
