"""Short words for what readers do when they give."""

from datetime import UTC, datetime, timedelta

from tamizdat.funding import giving, outcome, schedule
from tamizdat.funding.giving import Gift
from tamizdat.funding.models import Pledge
from tamizdat.lib.money import Money
from tamizdat.payments.models.charge import new_reference
from tests.conftest import NOON
from tests.demo_bank.nowhere import WORKS

ADDRESS = "ana@example.org"


def at(year, month, day):
    return datetime(year, month, day, 9, tzinfo=UTC)


def wish(interval="month", *, reference=None, minor=500, currency="USD", address=ADDRESS):
    return Gift(
        reference=reference or new_reference(),
        money=Money(minor, currency),
        interval=interval,
        address=address,
        language="en",
    )


def give(nowhere, gift, *, card=WORKS, now=NOON):
    """From the form to the page that says how it went."""
    charge = giving.promise(gift, now=now)
    bank = giving.open_bank(charge, provider=nowhere.provider.code, language="en", now=now)
    nowhere.pay(bank.url, card)
    outcome.of(charge, now=now)
    charge.refresh_from_db()
    return charge


def pledge_of(nowhere, *, interval="month", card=WORKS, now=NOON):
    return Pledge.objects.get(dues__charge=give(nowhere, wish(interval), card=card, now=now))


def work_daily(*, start, days, each_day=lambda day: None):
    """The worker's mornings. How often it asked a bank."""
    asked = 0
    for n in range(days):
        now = start + timedelta(days=n)
        each_day(now.date())
        asked += schedule.charge_due(now=now)
    return asked
