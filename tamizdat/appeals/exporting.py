"""What we say when we ask, and who wished to be asked again."""

import json
from collections.abc import Iterator
from typing import Any

from tamizdat.appeals.models import Message, Reminder
from tamizdat.lib.crate import Piece


def pieces() -> Iterator[Piece]:
    yield Piece("outlet/messages.json", "lists", _messages)


def sealed_rows() -> Iterator[dict[str, Any]]:
    """Every reminder, its address readable: for a file that only the operator's key opens."""
    for reminder in Reminder.objects.order_by("pk").iterator():
        yield {
            "kind": "reminder",
            "address": reminder.address,
            "language": reminder.language,
            "month": reminder.month.isoformat(),
            "amount_in_minor_units": reminder.amount_minor,
            "currency": reminder.currency,
            "interval": reminder.interval,
            "mails_sent": reminder.sent_count,
        }


def _messages() -> list[bytes]:
    rows = [
        {
            "placement": message.placement,
            "language": message.locale.language_code,
            "headline": message.headline,
            "text": message.text,
            "button": message.button,
            "note": message.note,
            "is_on": message.is_on,
        }
        for message in Message.objects.select_related("locale").order_by("pk")
    ]
    return [json.dumps(rows, ensure_ascii=False, indent=1).encode()]
