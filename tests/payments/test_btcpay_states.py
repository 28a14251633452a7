"""What an invoice of BTCPay's is to us: what came and is certain counts, whatever it is called."""

from dataclasses import dataclass

import pytest

from tamizdat.lib.money import Money
from tamizdat.payments.errors import Unexplained, Unreachable
from tamizdat.payments.providers import btcpay_answers as answers
from tamizdat.payments.providers.base import RemoteState

RATE, PRICE, NOW, WATCHED_UNTIL = "50000", "0.00010000", 1_000, 2_000  # 5 euros
WAITING, PENDING, SUCCEEDED, CANCELED = (
    RemoteState.WAITING,
    RemoteState.PENDING,
    RemoteState.SUCCEEDED,
    RemoteState.CANCELED,
)


@dataclass
class Coins:
    value: str = PRICE
    status: str = "Settled"
    fee: str = "0"


def read(status, additional="None", *coins, late=False, rate=RATE, amount="5.00"):
    invoice = {
        "id": "i",
        "amount": amount,
        "currency": "EUR",
        "status": status,
        "additionalStatus": additional,
        "monitoringExpiration": WATCHED_UNTIL,
        "metadata": {"orderId": "key-1"},
    }
    payments = [
        {"id": str(n), "receivedDate": n, "value": c.value, "fee": c.fee, "status": c.status}
        for n, c in enumerate(coins)
    ]
    now = WATCHED_UNTIL if late else NOW
    return answers.of_invoice(invoice, [{"rate": rate, "payments": payments}], url="", now=now)


HALF, MORE, DUST = Coins("0.00005000"), Coins("0.00015000"), Coins("0.00000001")
SEEN, SEEN_HALF = Coins(status="Processing"), Coins("0.00005000", "Processing")
GONE = Coins(status="Invalid")


@pytest.mark.parametrize(
    ("status", "additional", "coins", "state", "cents"),
    [
        ("New", "None", [], WAITING, None),
        ("New", "PaidPartial", [SEEN_HALF], PENDING, None),
        ("New", "PaidPartial", [HALF], PENDING, None),
        ("New", "None", [GONE], WAITING, None),
        ("Processing", "None", [SEEN], PENDING, None),
        ("Processing", "PaidOver", [Coins("0.00015000", "Processing")], PENDING, None),
        ("Settled", "None", [Coins()], SUCCEEDED, 500),
        ("Settled", "PaidOver", [MORE], SUCCEEDED, 750),
        ("Settled", "PaidOver", [Coins(), HALF], SUCCEEDED, 750),
        ("Settled", "PaidOver", [Coins(), SEEN_HALF], PENDING, None),
        ("Settled", "None", [Coins(), HALF], SUCCEEDED, 750),  # sent again after it was settled
        ("Settled", "Marked", [HALF], PENDING, None),  # the rest may still come
        ("Settled", "Marked", [Coins()], SUCCEEDED, 500),
        ("Expired", "None", [], WAITING, None),
        ("Expired", "PaidPartial", [SEEN_HALF], PENDING, None),
        ("Expired", "PaidPartial", [HALF], PENDING, None),
        ("Expired", "PaidPartial", [HALF, HALF], SUCCEEDED, 500),
        ("Expired", "PaidLate", [SEEN], PENDING, None),
        ("Expired", "PaidLate", [Coins()], SUCCEEDED, 500),
        ("Expired", "PaidLate", [MORE], SUCCEEDED, 750),
        ("Invalid", "None", [SEEN], PENDING, None),
        ("Invalid", "Marked", [], CANCELED, None),
        ("Invalid", "Marked", [GONE], CANCELED, None),
        ("Invalid", "Marked", [SEEN], PENDING, None),  # on its way when it was called off
        ("Invalid", "Marked", [Coins()], SUCCEEDED, 500),
        ("Invalid", "Invalid", [Coins()], SUCCEEDED, 500),
    ],
)
def test_while_it_is_watched(status, additional, coins, state, cents):
    remote = read(status, additional, *coins)

    assert (remote.state, remote.arrived and remote.arrived.minor) == (state, cents)
    assert remote.money == Money(500, "EUR")


@pytest.mark.parametrize(
    ("status", "additional", "coins", "state", "cents"),
    [
        ("Expired", "None", [], CANCELED, None),
        ("Expired", "PaidPartial", [HALF], SUCCEEDED, 250),
        ("Expired", "PaidPartial", [HALF, SEEN_HALF], SUCCEEDED, 250),
        ("Expired", "PaidPartial", [SEEN_HALF], PENDING, None),
        ("Expired", "PaidPartial", [DUST], CANCELED, None),  # less than a cent
        ("Settled", "Marked", [HALF], SUCCEEDED, 250),
        ("Settled", "PaidOver", [Coins(), SEEN_HALF], SUCCEEDED, 500),
        ("Invalid", "None", [SEEN], PENDING, None),  # no block took it in time, one may yet
        ("Invalid", "Marked", [HALF], SUCCEEDED, 250),
    ],
)
def test_once_nobody_watches_any_more_what_is_certain_is_what_came(
    status, additional, coins, state, cents
):
    remote = read(status, additional, *coins, late=True)

    assert (remote.state, remote.arrived and remote.arrived.minor) == (state, cents)


def test_what_a_person_marked_as_paid_and_no_coin_paid_is_for_a_person_to_look_at():
    with pytest.raises(Unexplained):
        read("Settled", "Marked")


@pytest.mark.parametrize("amount", ["5.00", "5.01", "0.07", "9999.99"])
def test_a_price_that_was_rounded_up_to_whole_coins_is_no_overpayment(amount):
    rate = "1200000"  # the smallest coin is worth more than a cent
    coins = answers.Decimal(amount) / answers.Decimal(rate)
    price = coins.quantize(answers.SMALLEST_COIN, "ROUND_UP")

    came = read("Expired", "PaidLate", Coins(str(price)), rate=rate, amount=amount).arrived

    assert came == answers.money_of(amount, "EUR")


def test_what_was_added_for_the_cost_of_spending_is_no_part_of_the_gift():
    second = Coins("0.00005500", fee="0.00000500")

    assert read("Settled", "None", HALF, second).arrived.minor == 500


@pytest.mark.parametrize("amount", ["5.005", "", "NaN", "five", None])
def test_a_sum_that_makes_no_sense_says_nothing(amount):
    with pytest.raises(Unreachable):
        read("New", amount=amount)


def test_a_status_nobody_told_us_of_says_nothing():
    with pytest.raises(Unreachable):
        read("Frozen")
