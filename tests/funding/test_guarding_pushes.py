"""Where readers send the money themselves no card can be tried, but rows and pages be piled up."""

from datetime import timedelta

import pytest

from tamizdat.funding import guarding
from tamizdat.funding.guarding import Step
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.payments import breaking
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.funding.givers import wish
from tests.funding.test_proving import work
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import BTCPayNowhere
from tests.payments.transfers import AtTheBank, transfer  # noqa: F401

pytestmark = pytest.mark.usefixtures("outlet")
WITHOUT, ADDRESS = guarding.WITHOUT_WORK.burst, guarding.OF_AN_ADDRESS.burst


@pytest.fixture(params=[AtTheBank, BTCPayNowhere], ids=["transfer", "coins"])
def provider(request):
    with only(request.param()) as bank:
        yield bank.provider.code


def begin(provider, *, address="", has_worked=False, now=NOON):
    gift = wish("once", currency="EUR", address=address)
    proof = work(gift.reference, now=now) if has_worked else ""
    return guarding.begin(gift, provider=provider, proof=proof, now=now)


def test_without_script_and_without_a_mailbox_a_reader_gives(provider):
    assert begin(provider) is Step.GO


def test_forms_without_work_are_few_and_leave_those_with_work_alone(provider):
    steps = [begin(provider) for _ in range(WITHOUT + 2)]

    assert steps == [Step.GO] * WITHOUT + [Step.LATER] * 2
    assert begin(provider, has_worked=True) is Step.GO
    assert begin(provider, now=NOON + guarding.WITHOUT_WORK.every) is Step.GO


def test_work_that_was_used_opens_nothing(provider):
    gift = wish("once", currency="EUR", address="")
    proof = work(gift.reference)

    steps = [guarding.begin(gift, provider=provider, proof=proof, now=NOON) for _ in range(2)]

    assert steps == [Step.GO, Step.WORK]


@pytest.mark.parametrize("has_worked", [True, False])
def test_nobody_promises_again_and_again_at_one_address(provider, has_worked):
    words = {"address": "cyr@example.org", "has_worked": has_worked}

    steps = [begin(provider, **words) for _ in range(ADDRESS + 1)]

    assert steps == [Step.GO] * ADDRESS + [Step.LATER]
    assert begin(provider, **words, now=NOON + timedelta(minutes=20)) is Step.GO


def test_what_is_tried_with_cards_stops_nobody_here(provider):
    breaking.turn_off("demo-bank", now=NOON)

    assert begin(provider) is Step.GO


@pytest.mark.usefixtures("transfer")
def test_bare_forms_write_little(client):
    fields = {"currency": "EUR", "interval": "month", "amount": "5", "method": "transfer"}
    answers = [
        client.post("/checkout/", fields | {"address": f"x{n}@anybody.example"})
        for n in range(WITHOUT + 20)
    ]

    written = [model.objects.count() for model in (Charge, Pledge, Supporter)]
    assert max(written) <= WITHOUT + 1  # one, should it take twenty seconds
    assert "come back in half an hour" in answers[-1].content.decode()
