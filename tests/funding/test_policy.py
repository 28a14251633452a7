from datetime import date

import pytest

from tamizdat.funding import policy, schedule
from tamizdat.funding.models import RiskRule
from tests.funding.givers import at, pledge_of

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 1)


def rule(action, *, starts_on=date(2027, 1, 1), country="RU", **kind):
    """For any gift by any way to pay, unless `kind` says which."""
    RiskRule.objects.create(country=country, action=action, starts_on=starts_on, **kind)


def verdict(country, interval, *methods):
    return policy.verdict(country, interval, methods=methods or ["card"], on=TODAY)


def test_without_a_rule_we_ask():
    assert verdict("RU", "month") == "ask"


def test_the_latest_rule_that_has_begun_counts():
    rule("never", starts_on=date(2026, 1, 1))
    rule("warn", starts_on=date(2027, 2, 1))
    rule("ask", starts_on=date(2027, 3, 2))

    assert verdict("RU", "once") == "warn"


def test_a_rule_for_monthly_gifts_leaves_others_alone_and_cannot_soften_the_general_one():
    rule("never", interval="month")
    rule("warn")

    assert verdict("RU", "month") == "never"
    assert verdict("RU", "once") == "warn"
    assert verdict("DE", "month") == "ask"


def test_a_rule_for_one_way_to_pay_leaves_others_alone_and_cannot_soften_the_general_one():
    rule("never", method="crypto")
    rule("warn")
    rule("ask", method="card", starts_on=date(2027, 2, 1))

    assert verdict("RU", "once", "crypto") == "never"
    assert verdict("RU", "once", "card") == verdict("RU", "once", "paypal") == "warn"


def test_for_one_way_and_kind_the_latest_counts_and_of_all_that_hold_the_strictest():
    rule("never", method="card", interval="month", starts_on=date(2026, 1, 1))
    rule("ask", method="card", interval="month", starts_on=date(2027, 1, 1))
    rule("warn", method="card")

    assert verdict("RU", "month", "card") == verdict("RU", "year", "card") == "warn"
    assert verdict("RU", "month", "paypal") == "ask"


def test_where_one_provider_takes_several_ways_the_strictest_of_them_counts():
    rule("never", method="wallet")

    assert verdict("RU", "month", "card", "wallet") == "never"
    assert verdict("RU", "month", "card") == "ask"


def test_the_countries_of_a_never_are_those_where_it_is_in_force_for_this_way_and_kind():
    rule("never", country="IR", method="crypto")
    rule("never", country="BY", interval="once")
    rule("never", country="CU", method="card")
    rule("never", country="KZ", starts_on=date(2027, 3, 2))
    rule("never", country="AM", method="crypto", starts_on=date(2026, 1, 1))
    rule("warn", country="AM", method="crypto")

    assert policy.never_from("once", method="crypto", on=TODAY) == ["BY", "IR"]
    assert policy.never_from("month", method="crypto", on=TODAY) == ["IR"]
    assert policy.never_from("once", method="card", on=TODAY) == ["BY", "CU"]


def test_a_way_is_thought_of_once_a_rule_says_anything_of_it_or_of_any():
    assert policy.not_thought_of(["card", "crypto"]) == ["card", "crypto"]
    rule("ask", method="card")
    assert policy.not_thought_of(["card", "crypto"]) == ["crypto"]
    rule("ask", country="US")
    assert policy.not_thought_of(["card", "crypto"]) == []


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
