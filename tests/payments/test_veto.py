"""Safety before money: the last word before anything is authorised."""

from datetime import timedelta

import pytest

from tamizdat.payments import charging, settling
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Charge
from tamizdat.payments.signals import before_charge, charge_failed
from tests.conftest import NOON
from tests.demo_bank.nowhere import RUSSIAN
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def halted():
    """The newsroom takes nothing from Russian instruments."""

    def veto(*, issuer_country, **_):
        if issuer_country == "RU":
            raise Vetoed("unsafe_country")

    before_charge.connect(veto)
    yield
    before_charge.disconnect(veto)


def test_a_card_of_a_country_where_giving_is_a_crime_is_not_even_authorised(
    nowhere, charge, halted
):
    nowhere.pay(open_page(charge).url, RUSSIAN)

    attempt = settling.resolve(charge.latest_attempt, now=NOON)

    assert (attempt.state, attempt.reason) == ("abandoned", "unsafe_country")
    assert attempt.is_hard
    assert nowhere.still_possible() == nowhere.money_taken() == []


def test_a_kept_card_is_asked_about_each_time(nowhere, charge, request):
    nowhere.pay(open_page(charge, keep=True).url, RUSSIAN)
    instrument = settling.resolve(charge.latest_attempt, now=NOON).instrument
    due = Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON)

    request.getfixturevalue("halted")

    assert charging.charge_saved(charge=due, instrument=instrument, now=NOON).is_hard
    assert len(nowhere.money_taken()) == 1


def test_a_halt_holds_for_a_question_that_was_lost_on_its_way(nowhere, charge, request):
    nowhere.pay(open_page(charge, keep=True).url, RUSSIAN)
    instrument = settling.resolve(charge.latest_attempt, now=NOON).instrument
    due = Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON)
    nowhere.bank.dial.turn(break_before=1)
    charging.charge_saved(charge=due, instrument=instrument, now=NOON)

    request.getfixturevalue("halted")
    settling.resolve_open(now=NOON + timedelta(hours=1))

    assert due.latest_attempt.reason == "unsafe_country"
    assert len(nowhere.money_taken()) == 1


def test_a_country_that_nobody_can_tell_is_refused(nowhere, charge):
    nowhere.hide_countries()
    nowhere.pay(open_page(charge).url)

    assert settling.resolve(charge.latest_attempt, now=NOON).reason == "country_unknown"


def test_a_revoked_instrument_is_never_charged(nowhere, charge):
    nowhere.pay(open_page(charge, keep=True).url)
    instrument = settling.resolve(charge.latest_attempt, now=NOON).instrument
    instrument.revoke()
    due = Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON)

    assert charging.charge_saved(charge=due, instrument=instrument, now=NOON).is_hard


def test_those_who_asked_for_the_money_are_told_why_there_is_none(nowhere, charge, halted):
    told = []

    def hear(*, charge, attempt, is_hard, at, **_):
        told.append((charge.state, attempt.reason, is_hard, at))

    charge_failed.connect(hear)
    nowhere.pay(open_page(charge).url, RUSSIAN)
    settling.resolve(charge.latest_attempt, now=NOON)
    charge_failed.disconnect(hear)

    assert told == [("failed", "unsafe_country", True, NOON)]
