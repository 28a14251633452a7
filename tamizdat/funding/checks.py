from collections.abc import Sequence

from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError

from tamizdat.funding import methods
from tamizdat.funding.models import AmountLadder, RiskRule
from tamizdat.outlet.models import Masthead


def every_masthead_has_amounts_and_a_way_to_pay(
    databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        mastheads = list(Masthead.objects.select_related("locale").order_by("pk"))
        laddered = AmountLadder.objects.currencies()
    except DatabaseError:  # before the first `migrate`
        return []
    return [message for one in mastheads for message in _problems(one, laddered)]


def _problems(masthead: Masthead, laddered: Sequence[str]) -> list[CheckMessage]:
    currency = masthead.currency
    messages: list[CheckMessage] = []
    if currency not in laddered:
        messages.append(
            Warning(
                f"{masthead} asks in {currency}, and there are no amounts in {currency}.",
                hint="Add them in the desk under Money, Amounts, or change its currency.",
                id="funding.W001",
            )
        )
    if not methods.taking(currency):
        messages.append(
            Warning(
                f"{masthead} asks in {currency}, which no provider here takes.",
                hint="Set up a provider that takes it, or change the masthead's currency.",
                id="funding.W002",
            )
        )
    return messages


def somebody_thought_of_safety(
    databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        has_rules = RiskRule.objects.exists()
    except DatabaseError:  # before the first `migrate`
        return []
    if has_rules:
        return []
    return [
        Warning(
            "There is no safety rule: gifts are taken from cards of every country.",
            hint="Write one in the desk under Money, Safety rules, for each country where a gift "
            "can be held against its giver. If there is none, a rule that says Ask for your own "
            "country shows that somebody looked.",
            id="funding.W003",
        )
    ]
