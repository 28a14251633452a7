"""The receipt of a gift: what was given, when, under which number, and what went back of it."""

from datetime import UTC

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from tamizdat.funding import giving, wording
from tamizdat.funding.models import Supporter
from tamizdat.lib.money import Money
from tamizdat.lib.sheets import Sheet
from tamizdat.outlet.models import MailProfile, Masthead
from tamizdat.payments.models import Charge, Dispute, Refund


class NothingArrived(Exception):
    """There is no receipt for what was not paid."""


def of(charge: Charge, *, language: str, is_neutral: bool) -> Sheet:
    """Without our name if `is_neutral`, and without anybody else's in any case.

    Speaks the active language, which is `language`. Raises NothingArrived.
    """
    if charge.succeeded_at is None:
        raise NothingArrived
    given = wording.rhythm(charge.money, giving.interval_of(charge), language)
    arrived_on = wording.day(charge.succeeded_at.astimezone(UTC).date(), language)
    return Sheet(
        title=_("Receipt"),
        head=issuer(language, is_neutral=is_neutral),
        language=language,
        is_rtl=is_rtl(language),
        facts=[
            (_("Receipt number"), charge.receipt_number),
            (_("Given"), given),
            (_("Arrived on"), arrived_on),
            *_what_went(charge, language),
        ],
        notes=[_("No name stands here, because we know none.")],
    )


def is_neutral(supporter: Supporter | None) -> bool:
    """Whether our name stays off what is printed for them, without their asking each time."""
    # Whoever wants mail without our name wants paper without it, too.
    return supporter is not None and supporter.mail_profile != MailProfile.NORMAL


def issuer(language: str, *, is_neutral: bool) -> str:
    return "" if is_neutral else Masthead.objects.speaking(language).name


def is_rtl(language: str) -> bool:
    return bool(get_language_info(language)["bidi"])


def _what_went(charge: Charge, language: str) -> list[tuple[str, str]]:
    """Each part that went back, and what is left; nothing if nothing did."""
    lost = list(charge.disputes.filter(state=Dispute.State.LOST).order_by("closed_at", "pk"))
    facts = [*_given_back(charge, language), *(_taken_back(one, language) for one in lost)]
    if not facts:
        return []
    gone = charge.refunded_minor + sum(one.amount_minor for one in lost)
    remains = Money(charge.amount_minor - gone, charge.currency)
    return [*facts, (_("What remains given"), remains.in_full(language))]


def _taken_back(lost: Dispute, language: str) -> tuple[str, str]:
    on = (lost.closed_at or lost.opened_at).astimezone(UTC).date()
    label = _("Taken back by your bank on %(day)s") % {"day": wording.day(on, language)}
    return label, lost.money.in_full(language)


def _given_back(charge: Charge, language: str) -> list[tuple[str, str]]:
    done = charge.refunds.filter(state=Refund.State.SUCCEEDED).order_by("created_at", "pk")
    facts = [
        (
            _("Given back on %(day)s")
            % {"day": wording.day(refund.created_at.astimezone(UTC).date(), language)},
            Money(refund.amount_minor, charge.currency).in_full(language),
        )
        for refund in done
    ]
    waiting = charge.refunded_minor - sum(refund.amount_minor for refund in done)
    if waiting:
        facts.append((_("Being given back"), Money(waiting, charge.currency).in_full(language)))
    return facts
