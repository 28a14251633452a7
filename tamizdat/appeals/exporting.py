"""What we say when we ask, and who wished to be asked again."""

import json
from collections.abc import Iterator
from typing import Any

from tamizdat.appeals import listing
from tamizdat.appeals.models import Campaign, Experiment, Message, Reminder
from tamizdat.appeals.reporting import DAY_COLUMNS, day_lines
from tamizdat.lib.crate import Piece


def pieces() -> Iterator[Piece]:
    yield Piece("outlet/messages.json", "lists", _messages)
    yield Piece("outlet/experiments.json", "lists", _experiments)


def sealed_rows() -> Iterator[dict[str, Any]]:
    """Every reminder, its address readable: for a file that only the operator's key opens."""
    for reminder in Reminder.objects.order_by("pk").iterator():
        yield {
            "kind": "reminder",
            "address": reminder.address,
            "language": reminder.language,
            "mail_profile": reminder.mail_profile,
            "month": reminder.month.isoformat(),
            "is_yearly": reminder.is_yearly,
            "is_after_gift": reminder.is_after_gift,
            "amount_in_minor_units": reminder.amount_minor,
            "currency": reminder.currency,
            "interval": reminder.interval,
            "mails_sent": reminder.sent_count,
        }


def _experiments() -> list[bytes]:
    rows = [
        {
            "key": experiment.key,
            "name": experiment.name,
            "judged_by": experiment.measure,
            "is_bandit": experiment.is_bandit,
            "began_at": experiment.began_at and experiment.began_at.isoformat(),
            "ended_at": experiment.ended_at and experiment.ended_at.isoformat(),
            "arms": {arm.name: arm.share for arm in experiment.arms.all()},
            "days": [dict(zip(DAY_COLUMNS, line, strict=True)) for line in day_lines(experiment)],
        }
        for experiment in Experiment.objects.prefetch_related("arms").order_by("pk")
    ]
    return [json.dumps(rows, ensure_ascii=False, indent=1).encode()]


def _messages() -> list[bytes]:
    messages = Message.objects.select_related("locale", "campaign", "picture", "arm__experiment")
    rows = [
        {
            "key": message.key,
            "placement": message.placement,
            "language": message.locale.language_code,
            "headline": message.headline,
            "text": message.text,
            "button": message.button,
            "note": message.note,
            "amounts": message.presets,
            "picture": message.picture.file.name if message.picture else "",
            "is_large": message.is_large,
            "shows_ways_to_pay": message.shows_ways,
            "is_on": message.is_on,
            "is_in_the_page_itself": message.is_standing,
            "priority": message.priority,
            "arm": str(message.arm or ""),
            "campaign": message.campaign and _campaign(message.campaign),
            # Sections and topics by the numbers of their pages, times in minutes since 1970.
            "who_sees_it": listing.rule_of(message, address_of=str),
        }
        for message in messages.order_by("pk")
    ]
    return [json.dumps(rows, ensure_ascii=False, indent=1).encode()]


def _campaign(campaign: Campaign) -> dict[str, Any]:
    goal = campaign.money
    return {
        "name": campaign.name,
        "is_on": campaign.is_on,
        "begins_at": campaign.begins_at.isoformat(),
        "ends_at": campaign.ends_at.isoformat(),
        "goal_in_minor_units": goal and goal.minor,
        "currency": campaign.goal_currency,
    }
