"""Reminders: kept for one address, sent at most twice, forgotten at a press."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from django.utils.translation import override

from tamizdat.appeals.models import LeftAlone, Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.offers import Gift
from tamizdat.funding.addresses import absolute_address
from tamizdat.outlet import mailing
from tamizdat.outlet.vault import blind_index, vault

_links = Signer(salt="appeals.forget")


class NotOurLink(Exception):
    """The link was cut off, altered, or never ours."""


def remember(*, address: str, month: Month, language: str, gift: Gift | None) -> None:
    """Keep the address until its month. Asking again changes the month and starts afresh.

    Says nothing of whether the address was known, or is one that we must leave alone.
    """
    index = _index(address)
    if LeftAlone.objects.filter(index=index).exists():
        return
    Reminder.objects.update_or_create(
        index=index,
        defaults={
            "sealed_address": vault().seal(address),
            "language": language,
            "month": month.first_day,
            "amount_minor": gift.money.minor if gift else None,
            "currency": gift.money.currency if gift else "",
            "interval": gift.interval if gift else "",
            "sent_count": 0,
            "sent_at": None,
        },
    )


def send_due(*, now: datetime) -> int:
    """Send the mails whose time has come and delete what has had both. Returns how many went.

    A mail that the server refuses is not tried again, because it may have gone after all: the
    second mail is the second try. The run stops there, and the next one goes on with the others.

    Raises MailNotSent.
    """
    sent = 0
    try:
        for reminder in Reminder.objects.due(now=now):
            if reminder.claim(now=now):
                _send(reminder)
                sent += 1
    finally:
        Reminder.objects.finished().delete()
    return sent


def forget(token: str) -> None:
    """Delete what is kept for the address of this link, if anything. Raises NotOurLink."""
    Reminder.objects.filter(index=read_link(token)).delete()


def leave_alone(token: str) -> None:
    """Forget the address, and take no reminder for it ever again. Raises NotOurLink."""
    index = read_link(token)
    LeftAlone.objects.get_or_create(index=index)
    Reminder.objects.filter(index=index).delete()


def drop(address: str) -> None:
    """Forget the reminder of someone who has given meanwhile."""
    Reminder.objects.filter(index=_index(address)).delete()


def read_link(token: str) -> str:
    """The index that the link of a mail carries. Raises NotOurLink."""
    try:
        return _links.unsign(token)
    except BadSignature as error:
        raise NotOurLink from error


def _index(address: str) -> str:
    return blind_index(f"reminder {address.casefold()}")


def _send(reminder: Reminder) -> None:
    with override(reminder.language):
        subject = _("The reminder you asked for")
        forget_address = absolute_address("appeals:forget", _links.sign(reminder.index))
        give_address = _give_address(reminder)
    mailing.send(
        to=reminder.address,
        subject=subject,
        template="appeals/mail/reminder",
        context={
            "give_address": give_address,
            "forget_address": forget_address,
            "is_last": reminder.sent_count == 1,
            "money": reminder.money and reminder.money.format(reminder.language),
        },
        language=reminder.language,
        headers={
            "List-Unsubscribe": f"<{forget_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _give_address(reminder: Reminder) -> str:
    gift = Gift(reminder.money, reminder.interval) if reminder.money else None
    query = f"?{urlencode(gift.fields())}" if gift else ""
    return absolute_address("funding:checkout") + query
