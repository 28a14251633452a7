"""Which line of PayPal's account is which: what came back is only known by what it names."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.payments.providers.account import Movement
from tests.payments.paypal_nowhere import PayPalNowhere

FIRST = "5TY05013RG002845M"


@pytest.fixture
def nowhere():
    return PayPalNowhere()


def told(nowhere, code, minor, *, about=""):
    """The line as it is read, and PayPal's own id of it."""
    nowhere.bank._move(code, "9UT93184HL5561234", minor, currency="EUR", about=about)
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    (line,) = nowhere.provider.account_lines(since=now - hour, until=now + hour)
    return line.movement, line.object_id, line.payment_id


@pytest.mark.parametrize(
    ("code", "movement"), [("T1101", Movement.PAYOUT), ("T1107", Movement.REFUND_RETURN)]
)
def test_what_came_back_is_of_what_it_names(nowhere, code, movement):
    assert told(nowhere, code, 200, about=FIRST) == (movement, FIRST, "")


@pytest.mark.parametrize("code", ["T1101", "T1107"])
def test_what_names_nothing_is_for_a_person(nowhere, code):
    assert told(nowhere, code, 200) == (Movement.OTHER, "9UT93184HL5561234", "")


def test_a_reversal_that_takes_money_from_us_is_no_payout_that_came_back(nowhere):
    movement, name, _ = told(nowhere, "T1101", -200, about=FIRST)

    assert (movement, name) == (Movement.OTHER, "9UT93184HL5561234")


def test_a_refund_that_goes_out_is_its_own_and_of_the_payment_that_it_names(nowhere):
    refund = told(nowhere, "T1107", -200, about=FIRST)

    assert refund == (Movement.REFUND, "9UT93184HL5561234", f"capture/{FIRST}")
