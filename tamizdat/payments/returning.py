"""Money that was given back and did not reach its giver: their bank refused it, days later."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments import booking
from tamizdat.payments.errors import Unexplained
from tamizdat.payments.models import Attempt, Charge, KeptLine, Refund
from tamizdat.payments.providers.base import RemoteRefund
from tamizdat.payments.signals import refund_failed

UNHEARD = "it failed before we heard of it"


def follow(attempt: Attempt, remote: RemoteRefund, *, now: datetime) -> None:
    """Book that what had gone back came back to us, once. Repeating it is harmless.

    One that we never heard of is booked out and in again when the provider's account has it: of
    those that are not there, no money ever moved. Raises Unexplained when it is another sum.
    """
    key = booking.key_of(attempt.provider, remote.id)
    refund = _known(attempt.charge, remote)
    if refund is None and KeptLine.objects.filter(provider=attempt.provider, key=key).exists():
        refund = _write_down(attempt.charge, remote, provider=attempt.provider, at=now)
    if refund and refund.money != remote.money:
        raise Unexplained(f"{refund} came back as another sum")
    if refund:
        _take_back(refund, provider=attempt.provider, at=now)


def key_elsewhere(charge: Charge, remote: RemoteRefund) -> str:
    """Of a refund that we did not ask for; short enough, however its provider names it."""
    return f"{charge.reference}-elsewhere-{hashlib.sha256(remote.id.encode()).hexdigest()[:32]}"


def post(refund: Refund, ending: str, money: Money, *, provider: str, at: datetime) -> None:
    """Book `money` from the gifts to its giver; below zero, back."""
    books.post(
        key=f"{booking.key_of(provider, refund.remote_id)}{ending}",
        memo=f"refund of payment {refund.charge_id}{ending.replace(':', ' ')}",
        at=at,
        postings=[Posting("reader-funding", money), Posting(booking.cash(provider), -money)],
    )


@transaction.atomic
def _take_back(refund: Refund, *, provider: str, at: datetime) -> None:
    rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SUCCEEDED)
    if rows.update(state=Refund.State.FAILED, failed_at=at):
        less = F("refunded_minor") - refund.amount_minor
        Charge.objects.filter(pk=refund.charge_id).update(refunded_minor=less)
        post(refund, booking.RETURNED, -refund.money, provider=provider, at=at)
        refund_failed.send(sender=Charge, charge=refund.charge, at=at)


def _write_down(
    charge: Charge, remote: RemoteRefund, *, provider: str, at: datetime
) -> Refund | None:
    """One that is over already: it needs nothing of what is left, and nobody was told of it."""
    if remote.money.currency != charge.currency:
        raise Unexplained(f"{charge} was in another currency than came back")
    try:
        with transaction.atomic():
            refund = Refund.objects.create(
                charge=charge,
                idempotency_key=key_elsewhere(charge, remote),
                amount_minor=remote.money.minor,
                state=Refund.State.FAILED,
                remote_id=remote.id,
                reason=UNHEARD,
                created_at=at,
                failed_at=at,
            )
            post(refund, "", refund.money, provider=provider, at=at)
            post(refund, booking.RETURNED, -refund.money, provider=provider, at=at)
    except IntegrityError:
        return _known(charge, remote)  # somebody else was first, and may not know the end of it
    return refund


def _known(charge: Charge, remote: RemoteRefund) -> Refund | None:
    return charge.refunds.filter(remote_id=remote.id).first()
