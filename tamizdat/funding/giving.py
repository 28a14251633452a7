"""Beginning a gift: the promise is written first, then its reader goes to the bank."""

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from tamizdat.funding import halting
from tamizdat.funding.addresses import absolute_address
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Contribution, Due, Pledge, Supporter
from tamizdat.lib.money import Money
from tamizdat.payments import charging
from tamizdat.payments.charging import Checkout
from tamizdat.payments.models import Charge

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
    source_path: str = ""


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


def open_bank(charge: Charge, *, provider: str, language: str, now: datetime) -> Checkout:
    """The page of the bank for `charge`. Raises Unreachable, Declined, WrongState."""
    halting.refuse(provider=provider)
    return charging.open_checkout(
        charge=charge,
        provider=provider,
        keep_instrument=hasattr(charge, "due"),
        return_url=absolute_address("funding:thanks", charge.reference),
        language=language,
        now=now,
    )


def interval_of(charge: Charge) -> str:
    return charge.due.pledge.interval if hasattr(charge, "due") else ONCE


def supporter_of(charge: Charge) -> Supporter | None:
    if hasattr(charge, "due"):
        return charge.due.pledge.supporter
    return charge.contribution.supporter if hasattr(charge, "contribution") else None


@transaction.atomic
def _write(gift: Gift, *, now: datetime) -> Charge:
    charge = Charge.objects.create(
        reference=gift.reference,
        amount_minor=gift.money.minor,
        currency=gift.money.currency,
        created_at=now,
    )
    supporter = (
        Supporter.objects.at(gift.address, language=gift.language, now=now)
        if gift.address
        else None
    )
    if supporter is None or gift.interval == ONCE:
        Contribution.objects.create(
            charge=charge,
            supporter=supporter,
            source_path=gift.source_path,
            language=gift.language,
            created_at=now,
        )
    else:
        _write_pledge(gift, charge=charge, supporter=supporter, now=now)
    return charge


def _write_pledge(gift: Gift, *, charge: Charge, supporter: Supporter, now: datetime) -> None:
    pledge = Pledge.objects.create(
        supporter=supporter,
        amount_minor=gift.money.minor,
        currency=gift.money.currency,
        interval=gift.interval,
        source_path=gift.source_path,
        created_at=now,
    )
    Due.objects.create(pledge=pledge, period_on=day_of(now), charge=charge)


def _is_for(charge: Charge, gift: Gift) -> bool:
    supporter = supporter_of(charge)
    address = supporter.address if supporter else ""
    return (charge.money, interval_of(charge), address.lower()) == (
        gift.money,
        gift.interval,
        gift.address.lower(),
    )


def _after(reference: str) -> str:
    # Whatever was chosen: so that all promises of one form stand in one line, and only the last
    # of them is not called off.
    digest = hashlib.sha256(reference.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
