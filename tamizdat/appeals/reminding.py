"""Reminders: kept for one address, at most two mails each time, forgotten at a press."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tamizdat.appeals import reminder_mails, tallying
from tamizdat.appeals.models import LeftAlone, Reminder, ReminderTally
from tamizdat.appeals.months import Month
from tamizdat.appeals.offers import Gift
from tamizdat.funding import profiles
from tamizdat.outlet import mailing
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.vault import blind_index, vault
from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit

What = ReminderTally.What
PER_ADDRESS = Limit("reminder", burst=3, every=timedelta(hours=8))
AT_ALL = Limit("reminders", burst=500, every=timedelta(seconds=5))


class TooMany(Exception):
    """More wish it than we believe: a machine does. Later it can be tried again."""


@dataclass(frozen=True)
class Wish:
    """What a reader asks for on the form."""

    address: str
    month: Month
    language: str
    gift: Gift | None = None
    is_yearly: bool = False
    is_after_gift: bool = False
    mail_profile: MailProfile = MailProfile.NORMAL


def remember(wish: Wish, *, now: datetime) -> None:
    """Keep the address until its month. Asking again changes the month and starts afresh.

    Says nothing of whether the address was known, is one that we must leave alone, or was asked
    for too often. Raises TooMany.
    """
    if not limiting.spend(AT_ALL, now=now):
        raise TooMany
    index = _index(wish.address)
    if is_left_alone(wish.address) or not limiting.spend(PER_ADDRESS, index, now=now):
        return
    gift = wish.gift
    _, is_new = Reminder.objects.update_or_create(
        index=index,
        defaults={
            "sealed_address": vault().seal(wish.address),
            "language": wish.language,
            "mail_profile": _more_careful(index, wish.mail_profile),
            "month": wish.month.first_day,
            "is_yearly": wish.is_yearly,
            "is_after_gift": wish.is_after_gift,
            "amount_minor": gift.money.minor if gift else None,
            "currency": gift.money.currency if gift else "",
            "interval": gift.interval if gift else "",
            "sent_count": 0,
            "sent_at": None,
        },
    )
    if is_new:
        tallying.add(What.WISHED, at=now)


def send_due(*, now: datetime) -> int:
    """Send the mails whose time has come and the links that are waited for. How many went.

    What has had both mails is deleted, or rests until next year. A mail that the server refuses
    is not tried again, because it may have gone after all: the second mail is the second try. The
    run stops there, and the next one goes on with the others. An address at which nobody lives
    is forgotten.

    Raises MailNotSent.
    """
    try:
        sent = sum(_send(each, now=now) for each in Reminder.objects.due(now=now))
    finally:
        Reminder.objects.finished().filter(is_yearly=False).delete()
        for each in Reminder.objects.finished():
            _rest(each)
    return sent + sum(_send_link(each, now=now) for each in Reminder.objects.wanting_link(now=now))


def forget(index: str, *, now: datetime) -> None:
    """Delete what is kept for the address of this index, if anything: its reader asked for it."""
    deleted, _ = Reminder.objects.filter(index=index).delete()
    if deleted:
        tallying.add(What.FORGOTTEN, at=now)


def leave_alone(index: str, *, now: datetime) -> None:
    """Forget the address, and take no reminder for it ever again."""
    LeftAlone.objects.get_or_create(index=index)
    forget(index, now=now)


def ask_for_link(index: str) -> None:
    """A new one is mailed to the address that is kept, and to no other."""
    Reminder.objects.filter(index=index).update(wants_link=True)


def is_left_alone(address: str) -> bool:
    """Whether its owner asked that nobody writes to it, whoever types it in."""
    return LeftAlone.objects.filter(index=_index(address)).exists()


def drop(address: str) -> None:
    """Forget the reminder of someone who is forgotten elsewhere, or lives there no more."""
    Reminder.objects.filter(index=_index(address)).delete()


def thank(addresses: Iterable[str], *, now: datetime) -> None:
    """Forget the reminders of those who have given meanwhile."""
    for reminder in Reminder.objects.filter(index__in=[_index(each) for each in addresses]):
        if reminder.delete()[0] and reminder.sent_count:
            tallying.add(What.GAVE, at=now)


def _index(address: str) -> str:
    return blind_index(f"reminder {address.casefold()}")


def _more_careful(index: str, wished: MailProfile) -> MailProfile:
    # Whoever types an address may make its mails more careful, never less: it may be another's.
    known = Reminder.objects.filter(index=index).values_list("mail_profile", flat=True).first()
    return profiles.more_careful(wished, MailProfile(known or wished))


def _send(reminder: Reminder, *, now: datetime) -> bool:
    if not reminder.claim(now=now):
        return False
    try:
        is_sent = reminder_mails.send(reminder, now=now)
    except mailing.NobodyThere:  # forgotten meanwhile (receivers.py)
        return False
    if is_sent and reminder.sent_count == 0:
        tallying.add(What.MAILED, at=now)
    return is_sent


def _send_link(reminder: Reminder, *, now: datetime) -> bool:
    if not reminder.claim_link(now=now):
        return False
    with contextlib.suppress(mailing.NobodyThere):
        reminder_mails.send_link(reminder, now=now)
    return True


def _rest(reminder: Reminder) -> None:
    """Until its month comes round. Late mails of one year do not run into those of the next."""
    if reminder.sent_at:
        last = Month.of(timezone.localdate(reminder.sent_at))
        reminder.rest_until(Month.of(reminder.month).again_after(last).first_day)
