"""The safety rules of the demo newsroom: one of each kind, for cards that its bank has issued."""

from datetime import datetime, timedelta

from tamizdat.demo.gifts import YEAR
from tamizdat.funding.models import RiskRule

RULES = {
    "BY": RiskRule.Action.NEVER,
    "RU": RiskRule.Action.NEVER,
    "IR": RiskRule.Action.WARN,
    "US": RiskRule.Action.ASK,  # somebody looked, and saw nothing against it
}


def write_rules(*, now: datetime) -> None:
    """As they have been since the first gift. What the desk changed stays."""
    begun_on = (now - timedelta(days=YEAR)).date()
    for country, action in RULES.items():
        RiskRule.objects.get_or_create(
            country=country, defaults={"action": action, "starts_on": begun_on}
        )
