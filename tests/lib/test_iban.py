"""Account numbers, and what happens to them when people type them."""

import pytest

from tamizdat.lib.iban import NotABic, NotAnIban, country_of, read_bic, read_iban

# The examples of the register of IBANs.
GOOD = ["DE89 3704 0044 0532 0130 00", "lv80bank0000435195001", "NO9386011117947"]


@pytest.mark.parametrize("text", GOOD)
def test_an_iban_is_read_without_its_spaces(text):
    assert read_iban(text) == text.replace(" ", "").upper()


@pytest.mark.parametrize(
    "text", ["", "DE", "DE89370400440532013001", "DE8937040044053201300", "89DE370400440532013000"]
)
def test_what_is_mistyped_is_refused(text):
    with pytest.raises(NotAnIban):
        read_iban(text)


def test_every_swap_of_two_neighbours_is_noticed():
    iban = read_iban(GOOD[0])
    for n in range(4, len(iban) - 1):
        swapped = iban[:n] + iban[n + 1] + iban[n] + iban[n + 2 :]
        if swapped != iban:
            with pytest.raises(NotAnIban):
                read_iban(swapped)


def test_the_country_is_that_of_the_account():
    assert country_of(GOOD[1]) == "LV"
    assert country_of("by13nbrb3600900000002z00ab00", bic="DEUTDEFF") == "BY"
    assert country_of("DE00370400440532013000") == "DE"  # even where a digit is wrong


def test_where_accounts_have_no_iban_it_is_that_of_the_bank():
    assert country_of("40817810099910004312", bic="SABRRUMM") == "RU"
    assert country_of("40817810099910004312") == ""
    assert country_of("", bic="XXXXQJXX") == ""


def test_a_bic_has_eight_or_eleven_letters():
    assert read_bic("deut deff") == "DEUTDEFF"
    for text in ("DEUTDEF", "DEUTDEFF5", "DEUT12FF"):
        with pytest.raises(NotABic):
            read_bic(text)
