"""A giver who tells their bank that they did not want it: nothing more is asked, and no mail."""

from datetime import timedelta

import pytest
from django.core import mail

from tamizdat.funding import figures, schedule
from tamizdat.funding.models import Letter, Pledge
from tamizdat.payments import settling
from tamizdat.payments.models import Attempt
from tests.conftest import NOON
from tests.funding.givers import at, give, pledge_of, wish
from tests.payments.banks import at_each

pytestmark = pytest.mark.usefixtures("outlet")


def dispute(nowhere, charge):
    nowhere.bank.dispute(charge.latest_attempt.remote_id)
    settling.resolve(charge.latest_attempt, now=NOON)


def first_gift(pledge):
    return pledge.dues.order_by("pk").first().charge


@at_each
def test_its_pledge_stops_and_its_card_is_never_charged_again(nowhere):
    pledge = pledge_of(nowhere)
    dispute(nowhere, first_gift(pledge))

    pledge.refresh_from_db()
    assert (pledge.state, pledge.next_due_on) == ("stopped", None)
    assert pledge.instrument.state == "revoked"
    for days in (31, 62):
        schedule.charge_due(now=NOON + timedelta(days=days))
    assert len(nowhere.money_taken()) == 1


def test_no_mail_waits_and_none_is_written(nowhere):
    pledge = pledge_of(nowhere)
    assert Letter.objects.exists()

    dispute(nowhere, first_gift(pledge))
    schedule.charge_due(now=NOON)

    assert not Letter.objects.exists()
    assert not mail.outbox


def test_a_gift_made_once_has_no_receipt_left_to_send(nowhere):
    charge = give(nowhere, wish("once"))

    dispute(nowhere, charge)

    assert not Letter.objects.exists()


def test_what_was_asked_for_before_is_called_off_as_soon_as_the_bank_is_heard(nowhere):
    pledge = pledge_of(nowhere, now=at(2026, 11, 1))
    nowhere.bank.dial.turn(break_before=1)
    schedule.charge_due(now=at(2026, 12, 1))
    dispute(nowhere, first_gift(pledge))

    settling.resolve_open(now=at(2026, 12, 2))

    assert len(nowhere.money_taken()) == 1
    assert not Attempt.objects.open().exists()


@pytest.mark.parametrize("state", ["paused", "past_due", "lapsed", "halted"])
def test_from_whatever_state(nowhere, state):
    pledge = pledge_of(nowhere)
    day = None if state in ("lapsed", "halted") else pledge.next_due_on
    Pledge.objects.filter(pk=pledge.pk).update(state=state, next_due_on=day)

    dispute(nowhere, first_gift(pledge))

    pledge.refresh_from_db()
    assert pledge.state == ("stopped" if day else state)


def test_another_pledge_goes_on(nowhere):
    pledge, other = pledge_of(nowhere), pledge_of(nowhere)

    dispute(nowhere, first_gift(pledge))

    other.refresh_from_db()
    assert other.state == "active"


def test_what_is_disputed_is_not_counted_as_given(nowhere):
    charge = give(nowhere, wish("once", minor=500))
    give(nowhere, wish("once", minor=300))
    dispute(nowhere, charge)

    (month,) = figures.by_month(now=NOON, months=1)
    assert (month.given("USD").minor, month.count) == (300, 1)


def test_the_desk_shows_it_and_offers_no_refund_of_it(nowhere, admin_client):
    charge = give(nowhere, wish("once"))
    dispute(nowhere, charge)

    page = admin_client.get(f"/desk/gifts/{charge.reference}/").content.decode()

    assert "open: the money is away" in page
    assert 'name="amount"' not in page
    home = admin_client.get("/desk/").content.decode()
    assert "1 gift is disputed" in home
