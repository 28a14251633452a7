"""A bank that wants to hear from its reader: a mail at once, no blind tries, and an end."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tamizdat.funding import access, giving, letters, outcome, schedule
from tamizdat.funding.models import Pledge
from tamizdat.payments.models import Attempt
from tests.demo_bank.nowhere import ASKS_ALWAYS
from tests.funding.givers import at, wish, work_daily
from tests.payments.banks import at_each_of_cards

pytestmark = pytest.mark.usefixtures("newsroom")
START, NEXT = at(2027, 1, 31), at(2027, 2, 28)


def promise_and_confirm(nowhere, *, now=START):
    """A pledge whose bank asks each time; the first time its reader is there."""
    charge = giving.promise(wish(), now=now)
    bank = giving.open_bank(charge, provider=nowhere.provider.code, language="en", now=now)
    nowhere.pay_and_confirm(bank.url, ASKS_ALWAYS)
    outcome.of(charge, now=now)
    return Pledge.objects.get(dues__charge=charge)


def blind_tries():
    days = Attempt.objects.filter(return_url="").order_by("pk")
    days = days.values_list("created_at", flat=True)
    return [(moment - NEXT).days for moment in days]


@at_each_of_cards
def test_its_reader_is_written_to_at_once(nowhere):
    pledge = promise_and_confirm(nowhere)
    letters.send_waiting(now=START)

    schedule.charge_due(now=NEXT)

    pledge.refresh_from_db()
    assert pledge.state == "unconfirmed"
    message = mail.outbox[-1]
    assert message.subject == "Your bank wants to hear from you"
    assert "Nothing was taken" in message.body
    assert "/manage/" in message.body


@at_each_of_cards
def test_the_bank_is_not_asked_blindly_for_five_days_and_it_ends_by_itself(nowhere):
    pledge = promise_and_confirm(nowhere)

    work_daily(start=START, days=60)

    assert blind_tries() == [0, 5, 10, 17]
    pledge.refresh_from_db()
    assert pledge.state == "lapsed"
    assert len(nowhere.money_taken()) == 1


@at_each_of_cards
def test_confirmed_from_the_mail_it_is_paid_and_goes_on(client, nowhere):
    now = timezone.now()  # the page's clock
    pledge = promise_and_confirm(nowhere, now=now - timedelta(days=40))
    schedule.charge_due(now=now)
    page = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"
    assert "Confirm it with my bank" in client.get(page).content.decode()

    back = nowhere.pay_and_confirm(client.post(page, {"action": "pay"}).url, ASKS_ALWAYS)
    client.get(re.sub(r"^https?://[^/]+", "", back))

    pledge.refresh_from_db()
    assert (pledge.state, pledge.next_due_on > now.date()) == ("active", True)
    assert len(nowhere.money_taken()) == 2


def test_a_worker_leaves_it_alone_while_its_reader_is_at_the_bank(client, nowhere):
    pledge = promise_and_confirm(nowhere)
    schedule.charge_due(now=NEXT)
    page = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"
    client.post(page, {"action": "pay"})

    schedule.charge_due(now=NEXT + timedelta(days=5))

    assert blind_tries() == [0]


def test_another_no_afterwards_is_ordinary_dunning(nowhere):
    pledge = promise_and_confirm(nowhere)
    schedule.charge_due(now=NEXT)
    nowhere.bank.dial.decline = 1
    with nowhere.bank._vaults.open() as db:
        db.execute("UPDATE tokens SET number = '4000000000000010'")

    schedule.charge_due(now=NEXT + timedelta(days=5))

    pledge.refresh_from_db()
    assert pledge.state == "past_due"


@pytest.mark.parametrize("act", ["stop", "pause"])
def test_it_can_be_stopped_but_not_paused_from_there(client, nowhere, act):
    pledge = promise_and_confirm(nowhere)
    schedule.charge_due(now=NEXT)
    page = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"

    client.post(page, {"action": act})

    pledge.refresh_from_db()
    assert pledge.state == ("stopped" if act == "stop" else "unconfirmed")
