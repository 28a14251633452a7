"""The safety rules of the demo newsroom: one of each kind, for cards that its bank has issued."""

from datetime import datetime, timedelta

from tamizdat.demo.gifts import YEAR
from tamizdat.funding.models import RiskRule

RULES = {
    ("BY", RiskRule.Method.ANY): RiskRule.Action.NEVER,
    ("RU", RiskRule.Method.ANY): RiskRule.Action.NEVER,
    ("IR", RiskRule.Method.ANY): RiskRule.Action.WARN,
    ("IR", RiskRule.Method.CRYPTO): RiskRule.Action.NEVER,  # a public ledger is for ever
    ("US", RiskRule.Method.ANY): RiskRule.Action.ASK,  # somebody looked, and saw nothing against it
}


def write_rules(*, now: datetime) -> None:
    """As they have been since the first gift. What the desk changed stays."""
    begun_on = (now - timedelta(days=YEAR)).date()
    for (country, method), action in RULES.items():
        RiskRule.objects.get_or_create(
            country=country,
            method=method,
            defaults={"action": action, "starts_on": begun_on},
        )
