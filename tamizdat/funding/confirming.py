"""Confirming a gift from one's mailbox before a bank is opened: a link, for a day, for one use."""

from datetime import datetime

from django.core import signing
from django.db import transaction

from tamizdat.funding import giving, halting
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Confirmation, Letter
from tamizdat.funding.models.confirmation import LIFETIME
from tamizdat.payments.models import Attempt, Breaker, Charge

_signer = signing.Signer(salt="tamizdat.funding.confirm")


class NotOurLink(Exception):
    """It was altered, a part of it was lost, or it is too old."""


@transaction.atomic
def ask(charge: Charge, *, provider: str, now: datetime) -> None:
    """Have a link mailed to whoever promised `charge`. Asked again, it works once more."""
    supporter = giving.supporter_of(charge)
    if supporter is None or charge.state not in (Charge.State.NEW, Charge.State.FAILED):
        return
    fields = {"provider": provider, "asked_at": now, "used_at": None}
    Confirmation.objects.update_or_create(charge=charge, defaults=fields)
    Letter.objects.ask_anew(Letter.Kind.BEGIN, supporter, at=now, charge=charge)


def token_for(charge: Charge, *, now: datetime) -> str:
    return _signer.sign_object([charge.reference, (now + LIFETIME).isoformat()])


def read(token: str, *, now: datetime) -> Confirmation:
    """What the link of a mail is about. Raises NotOurLink."""
    try:
        reference, until = _signer.unsign_object(token)
        confirmation = Confirmation.objects.get(charge__reference=reference)
    except (signing.BadSignature, Confirmation.DoesNotExist, ValueError) as error:
        raise NotOurLink from error
    if datetime.fromisoformat(until) < now:
        raise NotOurLink
    return confirmation


def use(asked: Confirmation, *, now: datetime) -> None:
    """Its link was pressed: the mail arrived."""
    asked.use(now=now)
    if supporter := giving.supporter_of(asked.charge):
        supporter.note_arrival(mailed_on=day_of(asked.asked_at))


def is_confirmed(charge: Charge, *, now: datetime) -> bool:
    """Whether its giver showed a mailbox: for this gift, or for a pledge that was paid before."""
    if hasattr(charge, "due") and charge.due.pledge.instrument_id:
        return True
    asked = Confirmation.objects.filter(charge=charge).first()
    return asked is not None and asked.is_in_force(now=now)


def is_asked(charge: Charge, *, now: datetime) -> bool:
    """Whether a link was mailed, nobody pressed it, and nothing else was begun."""
    waiting = charge.state in (Charge.State.NEW, Charge.State.FAILED)
    asked = Confirmation.objects.filter(charge=charge, used_at=None, asked_at__gt=now - LIFETIME)
    return waiting and asked.exists()


def is_turned_off(charge: Charge) -> bool:
    """Whether what is asked for must wait for its way to pay to be turned on."""
    off = Breaker.objects.filter(state=Breaker.State.OPEN).values("provider")
    return Confirmation.objects.filter(charge=charge, provider__in=off).exists()


def waits(letter: Letter) -> bool:
    """Whether its link would lead nowhere now: it goes out when gifts are taken there again."""
    if letter.kind != Letter.Kind.BEGIN or letter.charge is None:
        return False
    asked = Confirmation.objects.filter(charge=letter.charge).first()
    is_halted = asked is not None and bool(halting.refusal(provider=asked.provider))
    return is_halted or is_turned_off(letter.charge)


def is_under_way(reference: str) -> bool:
    """Whether the page of the bank for this gift is open already: nothing new would be begun."""
    begun = Attempt.objects.filter(charge__reference=reference, state__in=Attempt.BEFORE_MONEY)
    return begun.exclude(return_url="").exists()


def forget(*, now: datetime) -> int:
    """Delete what is no longer in force. How many were."""
    unsent = Letter.objects.filter(kind=Letter.Kind.BEGIN).values("charge")
    old = Confirmation.objects.filter(asked_at__lte=now - 2 * LIFETIME)
    return old.exclude(charge__in=unsent).delete()[0]
