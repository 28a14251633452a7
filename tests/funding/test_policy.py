from datetime import date

import pytest

from tamizdat.funding import policy, schedule
from tamizdat.funding.models import RiskRule
from tests.funding.givers import at, pledge_of

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 1)


def rule(action, *, starts_on=date(2027, 1, 1), interval="any", country="RU"):
    RiskRule.objects.create(country=country, action=action, starts_on=starts_on, interval=interval)


def test_without_a_rule_we_ask():
    assert policy.verdict("RU", "month", on=TODAY) == "ask"


def test_the_latest_rule_that_has_begun_counts():
    rule("never", starts_on=date(2026, 1, 1))
    rule("warn", starts_on=date(2027, 2, 1))
    rule("ask", starts_on=date(2027, 3, 2))

    assert policy.verdict("RU", "once", on=TODAY) == "warn"


def test_a_rule_for_monthly_gifts_leaves_others_alone_and_cannot_soften_the_general_one():
    rule("never", interval="month")
    rule("warn")

    assert policy.verdict("RU", "month", on=TODAY) == "never"
    assert policy.verdict("RU", "once", on=TODAY) == "warn"
    assert policy.verdict("DE", "month", on=TODAY) == "ask"


def test_a_rule_that_begins_halts_a_running_gift_before_it_is_charged(outlet, nowhere):
    pledge = pledge_of(nowhere, now=at(2027, 1, 31))
    rule("never", country="US", starts_on=date(2027, 2, 10))

    schedule.charge_due(now=at(2027, 2, 28))
    RiskRule.objects.all().delete()
    schedule.charge_due(now=at(2027, 3, 31))

    pledge.refresh_from_db()
    assert pledge.state == "halted"
    assert not pledge.instrument.is_active
    assert len(nowhere.money_taken()) == 1
