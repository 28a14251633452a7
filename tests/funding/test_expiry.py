"""Cards end: told once before, followed quietly when the bank renews them, said when it is so."""

from datetime import date, timedelta

import pytest
from django.core import mail

from tamizdat.funding import expiry_notices, letters, schedule, wording
from tamizdat.funding.models import Letter
from tamizdat.payments import expiring
from tests.demo_bank.nowhere import EXPIRES
from tests.funding.givers import at, pledge_of, work_daily
from tests.payments.banks import at_each_of_cards

pytestmark = pytest.mark.usefixtures("newsroom")
START, NEXT = at(2027, 1, 31), at(2027, 2, 28)


def a_round(*, now):
    """What the worker does about cards."""
    expiring.follow_updates(now=now)
    return expiry_notices.write(now=now)


@pytest.fixture
def pledge(nowhere):
    pledge = pledge_of(nowhere, now=START)
    letters.send_waiting(now=START)
    mail.outbox.clear()
    return pledge


@at_each_of_cards
def test_a_mail_goes_in_the_month_before_and_once(nowhere, pledge):
    nowhere.bank.reissue("2027-06")

    told = [a_round(now=START + timedelta(days=n)) for n in range(0, 180)]

    assert sum(told) == 1
    assert told.index(1) == (date(2027, 5, 30) - START.date()).days
    letters.send_waiting(now=START)
    [message] = mail.outbox
    assert message.subject == "Your card will expire soon"
    assert "30 June 2027" in message.body


def test_a_card_that_the_bank_renewed_is_followed_without_a_word(nowhere, pledge):
    nowhere.bank.reissue("2027-06")
    a_round(now=START)
    nowhere.bank.reissue("2031-06")

    told = [a_round(now=START + timedelta(days=n)) for n in range(0, 180)]

    pledge.instrument.refresh_from_db()
    assert (sum(told), pledge.instrument.expires_on) == (0, date(2031, 6, 30))


def test_the_next_end_is_told_again(nowhere, pledge):
    nowhere.bank.reissue("2027-02")
    assert a_round(now=START) == 1
    nowhere.bank.reissue("2027-03")

    assert a_round(now=at(2027, 3, 5)) == 1


def test_the_demo_banks_card_that_ends_soon_is_told_of(nowhere):
    pledge = pledge_of(nowhere, card=EXPIRES, now=START)
    expiring.look_at(pledge.instrument, now=START)

    assert pledge.instrument.expires_on is not None


@pytest.mark.parametrize("state", ["stopped", "halted", "lapsed"])
def test_nobody_is_told_of_a_card_that_is_not_charged(nowhere, pledge, state):
    nowhere.bank.reissue("2027-02")
    expiring.follow_updates(now=START)
    pledge.move_to(state)

    assert expiry_notices.write(now=START) == 0


def test_dunning_says_that_the_card_has_expired(nowhere, pledge):
    nowhere.bank.reissue("2020-01")

    schedule.charge_due(now=NEXT)

    pledge.refresh_from_db()
    assert (pledge.state, pledge.instrument.state) == ("past_due", "expired")
    assert "The card has expired" in mail.outbox[-1].body
    assert "new card" in wording.advice(pledge)


def test_an_expired_card_is_not_asked_again_and_the_gift_lapses_in_two_weeks(nowhere, pledge):
    nowhere.bank.reissue("2020-01")

    assert work_daily(start=START, days=60) == 1

    pledge.refresh_from_db()
    assert pledge.state == "lapsed"
    assert len(mail.outbox) == 4


def test_while_nobody_says_whether_a_card_was_renewed_no_try_is_used_up(nowhere, pledge):
    nowhere.bank.reissue("2020-01")
    schedule.charge_due(now=NEXT)
    nowhere.bank.dial.turn(break_before=99)
    work_daily(start=NEXT + timedelta(days=1), days=22)
    nowhere.bank.dial.turn(break_before=0)
    nowhere.bank.reissue("2036-01")
    work_daily(start=NEXT + timedelta(days=23), days=9)

    pledge.refresh_from_db()
    assert pledge.state == "active"


def test_an_expired_card_that_is_renewed_meanwhile_pays_at_the_next_try(nowhere, pledge):
    nowhere.bank.reissue("2020-01")
    schedule.charge_due(now=NEXT)
    nowhere.bank.reissue("2036-01")

    schedule.charge_due(now=NEXT + timedelta(days=3))

    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert len(nowhere.money_taken()) == 2


@at_each_of_cards
def test_who_wants_no_mail_is_told_nothing(nowhere, pledge):
    pledge.supporter.choose_mail("none")
    nowhere.bank.reissue("2027-02")

    a_round(now=START)

    assert not Letter.objects.exists()
