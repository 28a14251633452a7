"""Beginning a gift: the promise is written first, then its reader goes to the bank."""

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db import IntegrityError, transaction

from tamizdat.funding import amounts, attesting, halting, methods
from tamizdat.funding.addresses import absolute_address, give_address
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Contribution, Due, Pledge, Supporter
from tamizdat.funding.origins import NO_ORIGIN, Origin
from tamizdat.lib.money import Money
from tamizdat.outlet.models import MailProfile
from tamizdat.payments import charging
from tamizdat.payments.charging import Checkout
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry

ONCE = "once"
REFERENCE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Gift:
    """What a reader asked for on the form."""

    reference: str  # unguessable, minted when the form was shown: pressed twice, it is one gift
    money: Money
    interval: str
    address: str  # may be empty for a gift made once
    language: str
    source_page: str = ""
    mail_profile: str = MailProfile.NORMAL
    origin: Origin = NO_ORIGIN


def promise(gift: Gift, *, now: datetime) -> Charge:
    """The charge of `gift`, written now or known from an earlier press.

    When the reader went back and chose otherwise, what was promised before is called off; had
    it been paid already, that one is returned, and it is all there is to pay.

    Raises Unreachable when the bank cannot be told to call it off.
    """
    while charge := Charge.objects.filter(reference=gift.reference).first():
        if charge.state != Charge.State.CANCELED and not _is_for(charge, gift):
            charge = charging.cancel(charge, now=now)
        if charge.state != Charge.State.CANCELED:
            return charge
        gift = replace(gift, reference=_after(gift.reference))
    try:
        return _write(gift, now=now)
    except IntegrityError:
        if not Charge.objects.filter(reference=gift.reference).exists():
            raise
        return promise(gift, now=now)  # the other of two presses was first


def known(gift: Gift) -> Charge | None:
    """The charge that an earlier press wrote for this very gift; None if another was chosen."""
    reference = gift.reference
    while charge := Charge.objects.filter(reference=reference).first():
        if charge.state != Charge.State.CANCELED:
            return charge if _is_for(charge, gift) else None
        reference = _after(reference)
    return None


def open_bank(
    charge: Charge, *, provider: str, language: str, is_attested: bool = False, now: datetime
) -> Checkout:
    """The page of the bank for `charge`; `is_attested` when its reader said what the form asks.

    Raises Unreachable, Declined (`attesting.NOT_ATTESTED` too), WrongState.
    """
    halting.refuse(provider=provider)
    if not is_attested:
        _refuse_unattested(charge, provider=provider, now=now)
    return charging.open_checkout(
        charge=charge,
        provider=provider,
        keep_instrument=hasattr(charge, "due") and not registry.get(provider).is_push,
        return_url=absolute_address("funding:thanks", charge.reference),
        language=language,
        now=now,
    )


def _refuse_unattested(charge: Charge, *, provider: str, now: datetime) -> None:
    """Whoever is at a page already said it for that one."""
    ways, interval = methods.of_provider(provider), interval_of(charge)
    is_asked = attesting.countries(ways, interval, on=day_of(now))
    if is_asked and not charge.attempts.open().exists():
        raise Vetoed(attesting.NOT_ATTESTED)


def interval_of(charge: Charge) -> str:
    return charge.due.pledge.interval if hasattr(charge, "due") else ONCE


def form_for(charge: Charge) -> str:
    """Where the same gift is chosen again."""
    query = amounts.as_asked(charge.money, interval_of(charge)) | origin_of(charge).fields()
    if page := source_page_of(charge):
        query["from"] = page
    return f"{give_address('funding:checkout')}?{urlencode(query)}"


def origin_of(charge: Charge) -> Origin:
    gift = _given_by(charge)
    return Origin(gift.appeal, gift.arm) if gift else NO_ORIGIN


def source_page_of(charge: Charge) -> str:
    gift = _given_by(charge)
    return gift.source_page if gift else ""


def supporter_of(charge: Charge) -> Supporter | None:
    gift = _given_by(charge)
    return gift.supporter if gift else None


def _given_by(charge: Charge) -> Pledge | Contribution | None:
    """Whose due it is, or the gift made once; None for a charge that is nobody's gift."""
    return charge.due.pledge if hasattr(charge, "due") else getattr(charge, "contribution", None)


@transaction.atomic
def _write(gift: Gift, *, now: datetime) -> Charge:
    charge = Charge.objects.create(
        reference=gift.reference,
        amount_minor=gift.money.minor,
        currency=gift.money.currency,
        created_at=now,
    )
    supporter = _supporter(gift, now=now)
    if supporter is None or gift.interval == ONCE:
        Contribution.objects.create(
            charge=charge,
            supporter=supporter,
            source_page=gift.source_page,
            appeal=gift.origin.appeal,
            arm=gift.origin.arm,
            language=gift.language,
            created_at=now,
        )
    else:
        _write_pledge(gift, charge=charge, supporter=supporter, now=now)
    return charge


def _supporter(gift: Gift, *, now: datetime) -> Supporter | None:
    """Who gives: by their address; of a pledge also without one, to whoever wants no mail."""
    profile = MailProfile(gift.mail_profile)
    if profile == MailProfile.NONE:
        if gift.interval == ONCE:
            return None
        return Supporter.objects.without_address(language=gift.language, now=now)
    if not gift.address:
        return None
    supporter = Supporter.objects.at(
        gift.address, language=gift.language, mail_profile=profile, now=now
    )
    # Whoever types an address may make its mails more careful, never less: it may be another's.
    if profile == MailProfile.NEUTRAL and supporter.mail_profile == MailProfile.NORMAL:
        supporter.choose_mail(profile)
    return supporter


def _write_pledge(gift: Gift, *, charge: Charge, supporter: Supporter, now: datetime) -> None:
    pledge = Pledge.objects.create(
        supporter=supporter,
        amount_minor=gift.money.minor,
        currency=gift.money.currency,
        interval=gift.interval,
        source_page=gift.source_page,
        appeal=gift.origin.appeal,
        arm=gift.origin.arm,
        created_at=now,
    )
    Due.objects.create(pledge=pledge, period_on=day_of(now), charge=charge)


def _is_for(charge: Charge, gift: Gift) -> bool:
    supporter = supporter_of(charge)
    address = supporter.address if supporter else ""
    wished = "" if gift.mail_profile == MailProfile.NONE else gift.address
    return (charge.money, interval_of(charge), address.lower()) == (
        gift.money,
        gift.interval,
        wished.lower(),
    )


def _after(reference: str) -> str:
    # Whatever was chosen: so that all promises of one form stand in one line, and only the last
    # of them is not called off.
    digest = hashlib.sha256(reference.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
