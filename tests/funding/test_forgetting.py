"""A card that is never charged again is forgotten by us and by its bank, however the gift ended."""

from datetime import timedelta

import pytest

from tamizdat.funding import cards, exporting, halting, schedule, selfservice
from tamizdat.funding.halting import Scope
from tamizdat.funding.models import Pledge
from tamizdat.payments import forgetting, keeping, refunding, settling
from tamizdat.payments.errors import Declined
from tamizdat.payments.models import Instrument, Setup
from tests.demo_bank.nowhere import TIRES
from tests.funding.givers import at, pledge_of
from tests.payments.banks import at_each, at_each_of_cards

pytestmark = pytest.mark.usefixtures("newsroom")
START, NEXT = at(2027, 1, 31), at(2027, 2, 28)


@pytest.fixture
def pledge(nowhere):
    return pledge_of(nowhere, now=START)


def is_kept(nowhere, token):
    try:
        return bool(nowhere.provider.kept(token))
    except Declined:
        return False


def end(pledge, how):
    {
        "stop": lambda: selfservice.stop(pledge, now=START),
        "erasure": lambda: selfservice.forget(pledge.supporter, now=START),
        "halt": lambda: halting.halt(Scope(country="US"), reason="a new law", now=START),
    }[how]()


@at_each
@pytest.mark.parametrize("how", ["stop", "erasure", "halt"])
def test_after_the_end_neither_the_bank_nor_we_keep_the_card(nowhere, pledge, how):
    token = pledge.instrument.token
    assert is_kept(nowhere, token)
    end(pledge, how)

    assert forgetting.forget_revoked(now=START) == 1

    assert not is_kept(nowhere, token)
    assert Instrument.objects.get().sealed_token is None


@at_each_of_cards
def test_a_card_that_was_replaced_is_forgotten_and_the_new_one_is_charged(nowhere, pledge):
    token = pledge.instrument.token
    nowhere.pay(cards.begin(pledge, language="en", now=START).url, TIRES)
    keeping.resolve(Setup.objects.get(), now=START)

    assert forgetting.forget_revoked(now=START) == 1

    assert not is_kept(nowhere, token)
    assert is_kept(nowhere, Pledge.objects.get().instrument.token)


@at_each
def test_a_gift_of_a_forgotten_card_can_be_given_back(nowhere, pledge):
    end(pledge, "stop")
    forgetting.forget_revoked(now=START)
    charge = pledge.dues.get().charge

    refunding.refund(charge, charge.money, now=NEXT)
    settling.resolve(charge.latest_attempt, now=NEXT)

    charge.refresh_from_db()
    assert (charge.left.minor, charge.refunds.get().state) == (0, "succeeded")


def test_while_its_bank_is_being_asked_a_card_is_kept(nowhere, pledge):
    nowhere.bank.dial.turn(pend=1)
    schedule.charge_due(now=NEXT)
    end(pledge, "erasure")
    assert forgetting.forget_revoked(now=NEXT) == 0
    for payment in nowhere.bank.payments():
        nowhere.bank.settle(payment["id"])

    settling.resolve_open(now=NEXT + timedelta(minutes=6))

    assert forgetting.forget_revoked(now=NEXT) == 1


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_no_token_of_a_card_that_is_never_charged_again_leaves_with_an_export(
    nowhere, pledge, is_forgotten
):
    end(pledge, "stop")
    if is_forgotten:
        forgetting.forget_revoked(now=START)

    [row] = exporting.sealed_rows()

    assert [each["charged_through"]["token"] for each in row["pledges"]] == [""]
