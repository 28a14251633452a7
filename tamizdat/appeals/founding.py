"""The words a new newsroom asks with, until it writes its own."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale

from tamizdat.appeals.models import Asking, Message


def found() -> None:
    """Write a banner, an ask and a safety notice for each language that never had one.

    Repeating it is harmless.
    """
    if not Asking.objects.exists():
        Asking.objects.create()
    for code, _name in settings.LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        with override(code):
            for placement, words in _words().items():
                if not Message.objects.filter(placement=placement, locale=locale).exists():
                    Message.objects.create(placement=placement, locale=locale, **words)


def _words() -> dict[Message.Placement, dict[str, Any]]:
    return {
        Message.Placement.BANNER: {
            "text": _("Kept alive by readers alone."),
            "button": _("Support {outlet}!"),
            "is_standing": True,
        },
        Message.Placement.ASK: {
            "headline": _("We have a small thing to ask"),
            "text": _(
                "No advertiser can buy a line in {outlet}, and no owner can sell it. Reporters, "
                "editors and the cost of getting past the censors are paid by readers, most of "
                "them with less than the price of a coffee. If you are somewhere safe to do so, "
                "give what you can each month. It takes a minute.\n\n"
                "Where a gift to us could bring you trouble, please do not give. "
                "Read on, and pass what you read to someone you trust."
            ),
            "button": _("Give {amount} a month"),
            "note": _("Stop whenever you like, from any mail we send."),
            "is_standing": True,
        },
        Message.Placement.SAFETY: {
            "headline": _("Please do not give from where you are"),
            "text": _(
                "Giving to {outlet} can be a crime there, and a bank keeps the trace of a payment "
                "for years.\n\n"
                "What helps and endangers nobody: read on, and tell someone you trust what you "
                "have read."
            ),
            "views_most": None,
            "gave_days": 0,  # elsewhere, perhaps, and now travels home
            "later_days": 0,
            "is_soft": True,
        },
    }
