"""What a gift loses to fees, and what must be paid so that the whole of it arrives."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.config import newsroom
from tamizdat.lib.env import BadSetting
from tamizdat.lib.money import Money
from tamizdat.payments.providers import rates
from tamizdat.payments.providers.rates import Rate

CARD = Rate.read("2.9% + 0.30 USD")
any_rate = st.builds(
    lambda percent, fixed: Rate(percent, Money(fixed, "USD")),
    st.integers(0, 2_000),
    st.integers(0, 200),
)


@pytest.mark.parametrize(("gift", "fee"), [(200, 36), (2_400, 100), (500, 45), (20, 20)])
def test_a_small_gift_loses_most(gift, fee):
    assert CARD.on(Money(gift, "USD")) == Money(fee, "USD")


def test_so_much_is_paid_that_two_dollars_arrive():
    assert CARD.so_that_arrives(Money(200, "USD")) == Money(237, "USD")


@given(any_rate, st.integers(1, 10**9))
def test_what_arrives_is_enough_and_a_cent_less_would_not_be(rate, minor):
    wanted = Money(minor, "USD")

    whole = rate.so_that_arrives(wanted)

    assert (whole - rate.on(whole)).minor >= minor
    less = Money(whole.minor - 1, "USD")
    assert (less - rate.on(less)).minor < minor


def test_each_currency_has_its_own():
    known = rates.read(["2.9% + 0.30 USD", "1.5% + 0.25 EUR", "3.6% + 0 JPY"])

    assert known["JPY"].on(Money(1_000, "JPY")) == Money(36, "JPY")
    assert known["EUR"].on(Money(1_000, "EUR")) == Money(40, "EUR")


@pytest.mark.parametrize("text", ["", "2.9", "2.9% + 0.30", "290% + 1 USD", "1% + 0.5 JPY"])
def test_a_rate_that_cannot_be_read_says_how_it_looks(text):
    with pytest.raises(BadSetting, match="looks like"):
        Rate.read(text)


def test_what_a_newsroom_says_of_paypals_fees_is_what_readers_are_told(tmp_path):
    home = tmp_path / "newsroom"
    newsroom.write_folder(home, languages=["en"])
    (home / "secrets/paypal.key").write_text("a secret")
    with (home / "tamizdat.toml").open("a") as settings:
        settings.write('[paypal]\nenabled = "on"\nrates = ["2.89%+0.49USD"]\n')
    code = """
import django; django.setup()
from tamizdat.payments.providers import registry
print(registry.get("paypal").rates["USD"])"""
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tamizdat.config.settings", "TAMIZDAT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == repr(Rate(289, Money(49, "USD")))
