"""Reminders: kept for one address, at most two mails each time, forgotten at a press."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from tamizdat.appeals import reminder_mails, tallying
from tamizdat.appeals.models import LeftAlone, Reminder, ReminderTally
from tamizdat.appeals.models.reminder import ReminderQuerySet
from tamizdat.appeals.months import Month
from tamizdat.appeals.offers import Gift
from tamizdat.funding import profiles
from tamizdat.funding.signals import address_forgotten
from tamizdat.lib.vault import CannotOpen
from tamizdat.outlet import handing, mailing
from tamizdat.outlet.handing import Line
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.vault import blind_index, vault
from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit

What = ReminderTally.What
BATCH = 200  # in one round of the worker: other chores wait for it
PER_ADDRESS = Limit("reminder", burst=3, every=timedelta(hours=8))
AT_ALL = Limit("reminders", burst=500, every=timedelta(seconds=5))
REST = Limit("reminder-rest", burst=1, every=timedelta(minutes=15))  # of whom the server puts off
PATIENCE = Limit("reminder-patience", burst=4, every=timedelta(days=1))  # so often, then it counts

logger = logging.getLogger(__name__)


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
    """Send some of the mails whose time has come and of the links waited for. How many went.

    What has had both mails is deleted, or rests until next year. What the server certainly has
    not, because it is down or puts a reader off, is tried again. A mail that it refuses, or may
    have, is not: the second mail is the second try. The run stops there, and the next one goes on
    with the others. An address at which nobody lives is forgotten.

    Raises MailNotSent.
    """
    _end(Reminder.objects.left_finished(now=now))
    due = _awake(Reminder.objects.due(now=now), now=now)
    waiting = _awake(Reminder.objects.wanting_link(now=now), now=now)
    if not due and not waiting:
        return 0
    with handing.connected() as line:
        sent = _send_all(due, _send, line, now=now)
        return sent + _send_all(waiting, _send_link, line, now=now)


def forget(index: str, *, now: datetime) -> None:
    """Delete what is kept for the address of this index, if anything: its reader asked for it."""
    deleted, _ = Reminder.objects.filter(index=index).delete()
    if deleted:
        tallying.add(What.FORGOTTEN, at=now)


@transaction.atomic
def leave_alone(index: str, *, now: datetime) -> None:
    """Forget the address, and take no reminder for it ever again, nor a sign-up.

    With the address itself, if it is kept, a newsletter to it ends too: an index leads to none.
    """
    LeftAlone.objects.get_or_create(index=index)
    reminder = Reminder.objects.filter(index=index).first()
    forget(index, now=now)
    with suppress(CannotOpen):
        if reminder:
            address_forgotten.send(sender=Reminder, address=reminder.address)


def ask_for_link(index: str) -> None:
    """A new one is mailed to the address that is kept, and to no other."""
    Reminder.objects.filter(index=index).update(wants_link=True)


def is_left_alone(address: str) -> bool:
    """Whether its owner asked that nobody writes to it, whoever types it in."""
    return LeftAlone.objects.filter(index=_index(address)).exists()


def profile_of(address: str) -> MailProfile:
    """How its owner chose to be written to, as a giver and reminded: the more careful of both."""
    chosen = _more_careful(_index(address), MailProfile.NORMAL)
    return profiles.more_careful(chosen, profiles.of_giver(address) or chosen)


def drop(address: str) -> None:
    """Forget the reminder of someone who is forgotten elsewhere, or lives there no more."""
    Reminder.objects.filter(index=_index(address)).delete()


def thank(address: str, *, now: datetime) -> None:
    """Forget the reminder of someone who has given meanwhile."""
    for reminder in Reminder.objects.filter(index=_index(address)):
        if reminder.delete()[0] and reminder.sent_count:
            tallying.add(What.GAVE, at=now)


def _index(address: str) -> str:
    return blind_index(f"reminder {address.casefold()}")


def _more_careful(index: str, wished: MailProfile) -> MailProfile:
    # Whoever types an address may make its mails more careful, never less: it may be another's.
    known = Reminder.objects.filter(index=index).values_list("mail_profile", flat=True).first()
    return profiles.more_careful(wished, MailProfile(known or wished))


def _awake(reminders: ReminderQuerySet, *, now: datetime) -> list[Reminder]:
    awake = (each for each in reminders.iterator() if limiting.is_left(REST, each.index, now=now))
    return list(islice(awake, BATCH))


def _send_all(
    reminders: Iterable[Reminder], send: Callable[..., bool], line: Line, *, now: datetime
) -> int:
    sent = 0
    for each in reminders:
        try:
            sent += send(each, line, now=now)
        except CannotOpen:  # the key is missing, of this one or of all: an operator has to look
            logger.warning("a reminder waits: its address cannot be opened")
            limiting.spend(REST, each.index, now=now)
    return sent


def _send(reminder: Reminder, line: Line, *, now: datetime) -> bool:
    mail = reminder_mails.of(reminder, now=now)
    if not reminder.claim(now=now):
        return False
    put_back = partial(reminder.put_back, claimed_at=now)
    try:
        is_sent = mail is not None and _hand_over(mail, line, reminder, put_back, now=now)
    finally:
        _end(Reminder.objects.finished().filter(pk=reminder.pk))
    if is_sent and reminder.sent_count == 0:
        tallying.add(What.MAILED, at=now)
    return is_sent


def _send_link(reminder: Reminder, line: Line, *, now: datetime) -> bool:
    mail = reminder_mails.with_link(reminder, now=now)
    if not reminder.claim_link(now=now):
        return False
    put_back = partial(reminder.put_back_link, claimed_at=now)
    return _hand_over(mail, line, reminder, put_back, now=now)


def _hand_over(
    mail: EmailMessage,
    line: Line,
    reminder: Reminder,
    put_back: Callable[[], None],
    *,
    now: datetime,
) -> bool:
    """False if the server does not take it. Raises NotNow, Refused, InDoubt."""
    try:
        handing.hand_over(mail, line)
    except (mailing.NobodyThere, handing.Later):
        if limiting.spend(PATIENCE, reminder.index, now=now):
            limiting.spend(REST, reminder.index, now=now)
            put_back()
        return False
    except handing.NotNow:
        put_back()
        raise
    return True


def _end(finished: ReminderQuerySet) -> None:
    """Delete them, or let them rest until next year."""
    finished.filter(is_yearly=False).delete()
    for each in finished:
        _rest(each)


def _rest(reminder: Reminder) -> None:
    """Until its month comes round. Late mails of one year do not run into those of the next."""
    if reminder.sent_at:
        last = Month.of(timezone.localdate(reminder.sent_at))
        reminder.rest_until(Month.of(reminder.month).again_after(last).first_day)
