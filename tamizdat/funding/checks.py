from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError

from tamizdat.funding import methods, policy
from tamizdat.funding.models import AmountLadder, Supporter
from tamizdat.outlet.models import MailProfile, Masthead


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


def neutral_mail_has_its_sender(
    databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """What readers are promised must be possible."""
    if not databases or settings.NEUTRAL_SENDER:
        return []
    try:
        is_proposed = Masthead.objects.filter(mail_profile=MailProfile.NEUTRAL).exists()
        is_chosen = Supporter.objects.filter(mail_profile=MailProfile.NEUTRAL).exists()
    except DatabaseError:  # before the first `migrate`
        return []
    if not (is_proposed or is_chosen):
        return []
    return [
        Error(
            "Readers are promised mail without the outlet's name, and its sender names it.",
            hint="Set mail.neutral_sender, and mail.neutral_address for the links in it.",
            id="funding.E001",
        )
    ]


def somebody_thought_of_safety(
    databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        forgotten = policy.not_thought_of(methods.all_of_them())
    except DatabaseError:  # before the first `migrate`
        return []
    if not forgotten:
        return []
    ways = ", ".join(forgotten)
    return [
        Warning(
            f"There is no safety rule for {ways}: gifts are taken so from every country.",
            hint="Write one in the desk under Money, Safety rules, for each country where a gift "
            "can be held against its giver. If there is none, a rule that says Ask for your own "
            "country shows that somebody looked.",
            id="funding.W003",
        )
    ]
