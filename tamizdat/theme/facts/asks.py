"""What readers' browsers choose from when they ask."""

import json
from datetime import UTC, datetime, time

from django.utils import translation

from tamizdat.appeals import listing
from tamizdat.appeals.models import Asking, Message
from tamizdat.editions.tracing import clock, fact, valid_until, watch
from tamizdat.funding.models import RiskRule
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.surrounds import html_of


@fact
def list_of(language: str) -> str:
    """The list of `appeals/listing.py`, as JSON."""
    watch("message", "masthead", "risk")
    now = clock()
    coming = RiskRule.objects.filter(starts_on__gt=now.date()).order_by("starts_on").first()
    if coming:
        valid_until(datetime.combine(coming.starts_on, time.min, UTC))
    made = listing.listed(language, now=now, address_of=_address_of)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


@fact
def fragments(language: str) -> tuple[tuple[str, str], ...]:
    """The key and the HTML of every message that may be chosen."""
    watch("message", "masthead", "amounts")
    if Asking.ours().is_off:
        return ()
    with translation.override(language):
        messages = Message.objects.listed(language)
        return tuple((message.key, html_of(message)) for message in messages)


def _address_of(pk: int) -> str | None:
    found = place(pk)
    return found.url if found else None
