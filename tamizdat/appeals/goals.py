"""How far a campaign has come: in steps, and only where many gifts stand behind what is shown."""

from datetime import datetime

from tamizdat.appeals.models import Campaign
from tamizdat.funding import figures

FEWEST_GIFTS = 20  # fewer could point to someone
STEP = 5  # hundredths


def measure(*, now: datetime) -> None:
    """Let running campaigns show what they have reached. Repeating it is harmless."""
    for campaign in Campaign.objects.filter(is_on=True, begins_at__lte=now, ends_at__gt=now):
        reached = _reached(campaign)
        if reached != campaign.reached:
            Campaign.objects.filter(pk=campaign.pk).update(reached=reached)


def _reached(campaign: Campaign) -> int | None:
    goal = campaign.money
    if goal is None:
        return None
    given, gifts = figures.since(campaign.begins_at, currency=goal.currency)
    if gifts < FEWEST_GIFTS:
        return None
    return min(100, given.minor * 100 // goal.minor // STEP * STEP)
