"""Giving money back. Never more than was taken: the database sees to it."""

import contextlib
import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tamizdat.lib.money import Money
from tamizdat.payments import returning
from tamizdat.payments.errors import Declined, Unexplained, Unreachable, WrongState
from tamizdat.payments.models import Attempt, Charge, Refund
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider, RefundsByClaim, RemoteRefund
from tamizdat.payments.signals import charge_refunded
from tamizdat.payments.silence import Silent

ELSEWHERE = "made on the provider's own pages"

logger = logging.getLogger(__name__)


def refund(
    charge: Charge, money: Money, *, reason: str = "", number: int | None = None, now: datetime
) -> Refund:
    """Reserve the sum, ask the provider, book it. The provider's fee is not given back.

    Raises WrongState when the charge did not take that much, or has given it back already, or
    when this would not be refund `number` of it; Unreachable when the outcome is unknown: the
    chore will find out; Declined; NotSetUp, and begins nothing, without the provider.
    """
    with transaction.atomic(durable=True):  # committed before anyone is asked
        refund = reserve(charge, money, reason=reason, number=number, now=now)
    return send(refund, now=now)


@transaction.atomic
def reserve(
    charge: Charge, money: Money, *, reason: str, number: int | None = None, now: datetime
) -> Refund:
    """Write the refund down; to be committed, and then sent. Raises as `refund` does."""
    _where_it_was_paid(charge)
    if money.currency != charge.currency:
        raise WrongState(f"{charge} was in {charge.currency}")
    try:
        with transaction.atomic():
            rows = Charge.objects.filter(pk=charge.pk)
            rows.update(refunded_minor=F("refunded_minor") + money.minor)
    except IntegrityError as error:
        raise WrongState(f"{charge} has no {money.minor} {money.currency} to give back") from error
    next_number = charge.refunds.count() + 1  # ours alone: the row of the charge is locked
    if number not in (None, next_number):
        raise WrongState(f"{charge} has given back meanwhile")
    return Refund.objects.create(
        charge=charge,
        idempotency_key=f"{charge.reference}-refund-{next_number}",
        amount_minor=money.minor,
        reason=reason,
        created_at=now,
    )


def send(refund: Refund, *, now: datetime) -> Refund:
    """Ask for a refund that is written down. Raises Unreachable, and leaves it SENT; Declined.

    One that somebody else has begun to ask for is theirs: Unreachable too.
    """
    if not refund.claim(now=now):
        raise Unreachable("somebody else is asking for it")
    return _ask(refund, now=now)


def _ask(refund: Refund, *, now: datetime) -> Refund:
    """Of one that was claimed."""
    paid, provider = _where_it_was_paid(refund.charge)
    try:
        remote = provider.refund(
            key=refund.idempotency_key, remote_id=paid.remote_id, money=refund.money
        )
    except Declined:
        _release(refund)
        raise
    return _book(refund, remote, provider=provider.code, at=now)


def resolve(refund: Refund, *, now: datetime) -> Refund:
    """Find out what became of a refund; if nobody heard of it, ask again under the same key.

    Unless somebody else is asking: then it stays SENT, for them. Raises Unreachable, Declined. One
    that failed meanwhile was never booked: it is as if refused.
    """
    if refund.state != Refund.State.SENT:
        return refund
    # Looked for first: providers forget keys after a day, and would give back twice.
    paid, provider = _where_it_was_paid(refund.charge)
    try:
        remote = provider.find_refund(key=refund.idempotency_key, remote_id=paid.remote_id)
    except Declined:
        _release(refund)
        raise
    if remote is None:
        return _ask(refund, now=now) if refund.claim(now=now) else refund
    return _book(refund, remote, provider=provider.code, at=now)


def follow(attempt: Attempt, remote: RemoteRefund, *, now: datetime) -> None:
    """Book a refund that its provider knows of, whoever made it. Repeating it is harmless.

    Raises Unexplained when the payment does not have that much left; Unreachable.
    """
    charge = attempt.charge
    known = charge.refunds.filter(remote_id=remote.id)
    if not known.exists():
        for ours in charge.refunds.filter(state=Refund.State.SENT):  # perhaps it is this one
            with contextlib.suppress(Declined):
                resolve(ours, now=now)
    if remote.has_failed:
        returning.follow(attempt, remote, now=now)
    elif not known.exists():
        _book_from_elsewhere(charge, remote, provider=attempt.provider, at=now)


def resolve_open(*, now: datetime) -> int:
    """Resolve what nobody answered. How many are closed now, given back or refused."""
    closed, silent = 0, Silent()
    quiet = Refund.objects.quiet(now=now).select_related("charge")
    for refund in quiet.order_by("created_at", "pk"):
        provider = refund.charge.attempts.get(state=Attempt.State.SUCCEEDED).provider
        if provider in silent:
            continue
        try:
            resolve(refund, now=now)
        except Exception as error:  # noqa: BLE001 one refund does not stop the others
            silent.note(provider, error)
            # Without its message, which may quote a row.
            logger.warning("%s: %s", refund, type(error).__name__)
            refund.claim(now=now)  # and pass it over for a while
        refund.refresh_from_db()
        closed += refund.state != Refund.State.SENT
    return closed


def is_claimed(charge: Charge) -> bool:
    """Whether what is given back of it waits until its giver says where to."""
    paid = charge.attempts.filter(state=Attempt.State.SUCCEEDED).first()
    if paid is None:
        return False
    banks = registry.all_of_them()
    return any(bank.code == paid.provider and isinstance(bank, RefundsByClaim) for bank in banks)


def claim_page(refund: Refund) -> str:
    """Where its giver says so; empty where it goes back by itself, or is not certain."""
    if refund.state != Refund.State.SUCCEEDED or not is_claimed(refund.charge):
        return ""
    _, provider = _where_it_was_paid(refund.charge)
    return provider.claim_page(refund.remote_id) if isinstance(provider, RefundsByClaim) else ""


def _where_it_was_paid(charge: Charge) -> tuple[Attempt, Provider]:
    paid = charge.attempts.filter(state=Attempt.State.SUCCEEDED).first()
    if paid is None:
        raise WrongState(f"{charge} was never paid")
    return paid, registry.get(paid.provider)


@transaction.atomic
def _book_from_elsewhere(
    charge: Charge, remote: RemoteRefund, *, provider: str, at: datetime
) -> None:
    try:
        with transaction.atomic():
            charges = Charge.objects.filter(pk=charge.pk, currency=remote.money.currency)
            if not charges.update(refunded_minor=F("refunded_minor") + remote.money.minor):
                raise Unexplained(f"{charge} was in another currency than went back")
            refund = Refund.objects.create(
                charge=charge,
                idempotency_key=returning.key_elsewhere(charge, remote),
                amount_minor=remote.money.minor,
                reason=ELSEWHERE,
                created_at=at,
            )
    except IntegrityError as error:
        if charge.refunds.filter(remote_id=remote.id).exists():
            return  # somebody else was first
        raise Unexplained(f"{charge} has less left than went back of it") from error
    _book(refund, remote, provider=provider, at=at)


@transaction.atomic
def _book(refund: Refund, remote: RemoteRefund, *, provider: str, at: datetime) -> Refund:
    rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SENT)
    is_ours = bool(rows.update(state=Refund.State.SUCCEEDED, remote_id=remote.id))
    refund.refresh_from_db()
    if is_ours:
        returning.post(refund, "", refund.money, provider=provider, at=at)
        charge_refunded.send(sender=Charge, charge=refund.charge, at=at)
    return refund


@transaction.atomic
def _release(refund: Refund) -> None:
    rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SENT)
    if rows.update(state=Refund.State.REFUSED):
        back = F("refunded_minor") - refund.amount_minor
        Charge.objects.filter(pk=refund.charge_id).update(refunded_minor=back)
