"""What is kept of one reader who wished to be reminded, said to them.

A mail is passed on with its link, so the address is shown by its first letter.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from tamizdat.appeals.models import Reminder
from tamizdat.appeals.months import Month
from tamizdat.funding import wording
from tamizdat.lib.dates import day_in_words
from tamizdat.outlet.kept_mails import mask
from tamizdat.outlet.models import MailProfile


def rows(reminder: Reminder, *, language: str) -> list[tuple[str, str]]:
    """Each column of the row that tells something, in words of `language`."""
    money, linked_at = reminder.money, reminder.link_sent_at
    when = Month.of(reminder.month).in_full(language)
    return [
        (_("Your address, which we keep encrypted"), mask(reminder.address)),
        (_("When we write next"), when),
        (_("Again every year"), _("Yes") if reminder.is_yearly else _("No")),
        (
            _("What you had in mind"),
            wording.rhythm(money, reminder.interval, language) if money else _("No sum"),
        ),
        (_("You asked after a gift"), _("Yes") if reminder.is_after_gift else _("No")),
        (_("Language of the mails"), get_language_info(reminder.language)["name_local"]),
        (
            _("How we write to you"),
            wording.mail_profiles()[MailProfile(reminder.mail_profile)],
        ),
        (_("Mails sent for this time"), _sent(reminder, language)),
        *([(_("A new link was mailed on"), _day(linked_at, language))] if linked_at else []),
    ]


def _day(moment: datetime, language: str) -> str:
    return day_in_words(timezone.localdate(moment), language)


def _sent(reminder: Reminder, language: str) -> str:
    if not reminder.sent_at:
        return wording.number(0)
    day = _day(reminder.sent_at, language)
    return _("%(count)s, on %(day)s") % {"count": wording.number(reminder.sent_count), "day": day}
