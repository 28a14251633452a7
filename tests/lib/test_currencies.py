"""Our table of decimals is ISO 4217's, and nobody else's is asked."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tamizdat.lib.currencies import NOT_TWO, decimals
from tamizdat.lib.money import Money
from tamizdat.payments.providers import demo, stripe_amounts
from tests.inputs import INPUTS, needs

ROOT = Path(__file__).parents[2]
LIST_ONE = INPUTS / "payments/iso4217/list-one.xml"
OFFERED = demo.CURRENCIES, stripe_amounts.CURRENCIES


def iso_4217():
    """Minor units by currency; gold, drawing rights and the like have none to speak of."""
    entries = ElementTree.parse(LIST_ONE).iter("CcyNtry")
    found = {each.findtext("Ccy"): each.findtext("CcyMnrUnts") for each in entries}
    return {code: int(units) for code, units in found.items() if units and units.isdigit()}


@needs(LIST_ONE)
def test_each_currency_has_the_decimals_that_iso_4217_says():
    official = iso_4217()

    assert {code: decimals(code) for code in official} == official
    assert set(official) >= set(NOT_TWO)


@needs(LIST_ONE)
@pytest.mark.parametrize("offered", OFFERED, ids=["demo bank", "stripe"])
def test_a_provider_offers_no_currency_that_iso_4217_does_not_have(offered):
    assert set(offered) <= set(iso_4217())


@pytest.mark.parametrize("currency", sorted({"EUR", "RSD", "MGA", *NOT_TWO}))
def test_the_smallest_sum_is_read_and_written_exactly(currency):
    smallest, more = Money(1, currency), Money(1_234_567_891, currency)
    for money in (smallest, more):
        assert Money.parse(str(money.major), currency) == money
        assert "".join(filter(str.isdigit, money.in_full("en"))).lstrip("0") == str(money.minor)


def test_nobody_asks_cldr_how_many_decimals_there_are():
    asking = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tamizdat").rglob("*.py")
        if "get_currency_precision" in path.read_text()
    ]
    assert asking == []
