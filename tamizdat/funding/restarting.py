"""Giving again after a pledge has ended: a new one, paid by its reader at the bank."""

from datetime import datetime

from tamizdat.funding import confirming, giving, guarding, methods
from tamizdat.funding.giving import Gift
from tamizdat.funding.models import Pledge
from tamizdat.outlet.models import MailProfile
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt, Charge

RESTARTABLE = (Pledge.State.STOPPED, Pledge.State.LAPSED)  # never what was halted


def can_restart(pledge: Pledge) -> bool:
    supporter = pledge.supporter
    is_known = supporter.has_address or supporter.mail_profile == MailProfile.NONE
    return pledge.state in RESTARTABLE and is_known and bool(_codes(pledge))


def restart(pledge: Pledge, *, reference: str, now: datetime) -> Charge:
    """The first charge of a new pledge like this one, which stays ended.

    `reference` was minted when the button was shown: pressed twice, it is one. Raises WrongState,
    and NotNow where nothing new may be begun.
    """
    pledge.refresh_from_db()
    if not can_restart(pledge):
        raise WrongState(f"{pledge} is {pledge.state}")
    supporter = pledge.supporter
    if not confirming.is_under_way(reference):
        guarding.admit(supporter, provider=provider_for(pledge), now=now)
    gift = Gift(
        reference=reference,
        money=pledge.money,
        interval=pledge.interval,
        address=supporter.address,
        language=supporter.language,
        source_page=pledge.source_page,
        mail_profile=supporter.mail_profile,
    )
    return giving.promise(gift, now=now)


def provider_for(pledge: Pledge) -> str:
    """The one through which it was paid, or the first that takes such gifts."""
    codes, was_at = _codes(pledge), _was_at(pledge)
    return was_at if was_at in codes else codes[0]


def _codes(pledge: Pledge) -> list[str]:
    banks = methods.providers(pledge.currency, interval=pledge.interval)
    return [bank.code for bank in banks]


def _was_at(pledge: Pledge) -> str:
    if pledge.instrument:
        return pledge.instrument.provider
    last = Attempt.objects.filter(charge__due__pledge=pledge).order_by("pk").last()
    return last.provider if last else ""
