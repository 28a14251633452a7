"""Giving money back. Never more than was taken: the database sees to it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined, WrongState
from tamizdat.payments.models import Attempt, Charge, Refund
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import RemoteRefund


def refund(charge: Charge, money: Money, *, now: datetime) -> Refund:
    """Reserve the sum, ask the provider, book it. The provider's fee is not given back.

    Raises WrongState when the charge did not take that much, or has given it back already;
    Unreachable when the outcome is unknown: `resolve` the refund later; Declined.
    """
    return resolve(_reserve(charge, money, now=now), now=now)


def resolve(refund: Refund, *, now: datetime) -> Refund:
    """Ask again, under the same key, for a refund of which the outcome is unknown."""
    if refund.state != Refund.State.SENT:
        return refund
    paid = refund.charge.attempts.get(state=Attempt.State.SUCCEEDED)
    provider = registry.get(paid.provider)
    try:
        remote = provider.refund(
            key=refund.idempotency_key, remote_id=paid.remote_id, money=refund.money
        )
    except Declined:
        _release(refund)
        raise
    _book(refund, remote, provider=provider.code, at=now)
    refund.refresh_from_db()
    return refund


@transaction.atomic(durable=True)
def _reserve(charge: Charge, money: Money, *, now: datetime) -> Refund:
    if money.currency != charge.currency:
        raise WrongState(f"{charge} was in {charge.currency}")
    try:
        with transaction.atomic():
            rows = Charge.objects.filter(pk=charge.pk)
            rows.update(refunded_minor=F("refunded_minor") + money.minor)
    except IntegrityError as error:
        raise WrongState(f"{charge} has no {money.minor} {money.currency} to give back") from error
    charge.refresh_from_db()
    key = f"{charge.reference}-refund-{charge.refunds.count() + 1}"
    return Refund.objects.create(
        charge=charge, idempotency_key=key, amount_minor=money.minor, created_at=now
    )


@transaction.atomic
def _book(refund: Refund, remote: RemoteRefund, *, provider: str, at: datetime) -> None:
    rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SENT)
    if rows.update(state=Refund.State.SUCCEEDED, remote_id=remote.id):
        books.post(
            key=f"{provider}:{remote.id}",
            memo=f"refund {refund.charge.reference}",
            at=at,
            postings=[
                Posting("reader-funding", refund.money),
                Posting(f"cash-{provider}", -refund.money),
            ],
        )


@transaction.atomic
def _release(refund: Refund) -> None:
    rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SENT)
    if rows.update(state=Refund.State.REFUSED):
        back = F("refunded_minor") - refund.amount_minor
        Charge.objects.filter(pk=refund.charge_id).update(refunded_minor=back)
