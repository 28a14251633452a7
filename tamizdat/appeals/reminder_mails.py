"""What a reminder says, and whose name it bears."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from tamizdat.appeals import links
from tamizdat.appeals.models import Reminder
from tamizdat.appeals.offers import Gift
from tamizdat.funding import profiles
from tamizdat.funding.addresses import mailed_address
from tamizdat.lib.dates import month_in_words
from tamizdat.outlet import mailing
from tamizdat.outlet.models import MailProfile


def of(reminder: Reminder, *, now: datetime) -> EmailMessage | None:
    """Its next mail; none for whoever gives, and asked for no mail at all. Raises CannotOpen."""
    profile = _profile(reminder)
    if profiles.of_giver(reminder.address) == MailProfile.NONE:
        return None
    with override(reminder.language):
        words = {
            "give_address": _give_address(reminder, profile),
            "is_last": reminder.sent_count == 1,
            "is_yearly": reminder.is_yearly,
            "is_after_gift": reminder.is_after_gift,
            "month": month_in_words(reminder.month, reminder.language),
            "money": reminder.money and reminder.money.format(reminder.language),
        }
        return _mail(reminder, _("The reminder you asked for"), "reminder", words, now=now)


def with_link(reminder: Reminder, *, now: datetime) -> EmailMessage:
    """For whoever asked for it, whatever mail they want else. Raises CannotOpen."""
    with override(reminder.language):
        return _mail(reminder, _("The link you asked for"), "new_link", {}, now=now)


def _mail(
    reminder: Reminder, subject: str, template: str, words: dict[str, object], *, now: datetime
) -> EmailMessage:
    profile = _profile(reminder)
    token = links.token_for(reminder.index, now=now)
    forget_address = mailed_address("appeals:forget", token, profile=profile)
    return mailing.from_template(
        to=reminder.address,
        subject=subject,
        template=f"appeals/mail/{template}",
        context={"forget_address": forget_address, **words},
        language=reminder.language,
        profile=profile,
        headers={
            "List-Unsubscribe": f"<{forget_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _profile(reminder: Reminder) -> MailProfile:
    """What its reader chose; of whoever gives by this address, what they chose, if more careful."""
    chosen = MailProfile(reminder.mail_profile)
    return profiles.more_careful(chosen, profiles.of_giver(reminder.address) or chosen)


def _give_address(reminder: Reminder, profile: MailProfile) -> str:
    gift = Gift(reminder.money, reminder.interval) if reminder.money else None
    query = f"?{urlencode(gift.fields())}" if gift else ""
    return mailed_address("funding:checkout", profile=profile) + query
