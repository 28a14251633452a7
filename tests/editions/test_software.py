"""What has everything baked anew though no row of the database changed."""

import json

import pytest

from tamizdat.editions import baking
from tamizdat.funding.models import RiskRule
from tamizdat.payments.providers import registry
from tamizdat.payments.transfer import Transfer
from tamizdat.payments.transfer_accounts import Account
from tests.conftest import NOON
from tests.demo_bank.nowhere import Nowhere

ACCOUNTS = {"USD": Account(holder="The Lantern", iban="DE02120300000000202051")}


@pytest.fixture
def by_transfer_too(monkeypatch):
    """The ways to pay: by the demo bank and by transfer."""
    monkeypatch.setattr(registry, "_providers", {})
    registry.register(Nowhere().provider)
    registry.register(Transfer(ACCOUNTS, page_origin="https://news.example"))


def nobody_is_asked_in(site):
    """As baked after whatever is found to have changed."""
    baking.catch_up(now=NOON, workers=1)
    return json.loads((site / "appeals/en.json").read_text())["never"]


@pytest.mark.usefixtures("newsroom", "by_transfer_too")
def test_where_the_last_safe_way_to_pay_is_taken_away_nobody_is_asked_any_more(site):
    for way in Nowhere().provider.methods:
        RiskRule.objects.create(country="BY", action="never", method=way, starts_on=NOON.date())
    assert nobody_is_asked_in(site) == []

    del registry._providers[Transfer.code]
    assert nobody_is_asked_in(site) == ["BY"]
    assert baking.catch_up(now=NOON, workers=1).pages == 0
