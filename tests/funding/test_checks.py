import pytest
from django.core import checks

from tamizdat.config import examining
from tamizdat.funding.models import AmountLadder, RiskRule
from tamizdat.outlet.models import Masthead
from tamizdat.payments.providers import registry

pytestmark = pytest.mark.usefixtures("outlet", "a_safety_rule")


@pytest.fixture
def a_safety_rule(db):
    RiskRule.objects.create(country="US", action="ask", starts_on="2020-01-01")


def told():
    messages = checks.run_checks(databases=["default"])
    return [(m.id, m.msg) for m in messages if m.id.startswith("funding.")]


def test_a_founded_newsroom_has_amounts_and_a_way_to_pay():
    assert told() == []


def test_a_currency_without_amounts_is_told():
    AmountLadder.objects.filter(currency="USD").delete()

    [(number, words)] = told()
    assert (number, "The Lantern (en) asks in USD" in words) == ("funding.W001", True)


def test_a_currency_that_nobody_takes_is_told_and_so_says_the_doctor():
    Masthead.objects.update(currency="XAF")
    AmountLadder.objects.filter(currency="USD").update(currency="XAF")

    [(number, words)] = told()
    assert (number, "no provider here takes" in words) == ("funding.W002", True)
    assert any(finding.says.startswith(words) for finding in examining._system_checks())


def test_without_any_provider_there_is_nobody_to_pay(monkeypatch):
    monkeypatch.setattr(registry, "_providers", {})

    assert [number for number, _ in told()] == ["funding.W002"]
