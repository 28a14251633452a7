"""A giver's bank takes a payment back, and decides weeks later who was right."""

import contextlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments import booking, refunding
from tamizdat.payments.booking import DISPUTE_FEES, DISPUTED
from tamizdat.payments.errors import Declined, Unexplained
from tamizdat.payments.models import Attempt, Charge, Dispute
from tamizdat.payments.providers.account import DisputeState, RemoteDispute
from tamizdat.payments.signals import dispute_opened


def follow(attempt: Attempt, remote: RemoteDispute, *, now: datetime) -> None:
    """Open it, and close it, as far as `remote` is and ours is not.

    Raises Unexplained when the payment does not have that much left; Unreachable.
    """
    charge = attempt.charge
    dispute = charge.disputes.filter(remote_id=remote.id).first()
    if dispute is None:
        for refund in charge.refunds.filter(state="sent"):  # may hold what the dispute is about
            with contextlib.suppress(Declined):
                refunding.resolve(refund, now=now)
    with transaction.atomic():
        dispute = dispute or _open(attempt, remote, at=now)
        if remote.state is DisputeState.WON and dispute.close(Dispute.State.WON, at=now):
            _win(attempt, dispute, remote, at=now)
        if remote.state is DisputeState.LOST and dispute.close(Dispute.State.LOST, at=now):
            _lose(attempt, dispute, remote, at=now)


def _open(attempt: Attempt, remote: RemoteDispute, *, at: datetime) -> Dispute:
    charge = attempt.charge
    is_back = remote.state is DisputeState.WON  # and may have gone elsewhere since
    try:
        with transaction.atomic():
            charges = Charge.objects.filter(pk=charge.pk, currency=remote.money.currency)
            away = 0 if is_back else remote.money.minor
            if not charges.update(disputed_minor=F("disputed_minor") + away):
                raise Unexplained(f"{charge} was in another currency than is disputed")
            dispute = Dispute.objects.create(
                charge=charge,
                remote_id=remote.id,
                amount_minor=remote.money.minor,
                reason=remote.reason,
                state=Dispute.State.WON if is_back else Dispute.State.OPEN,
                opened_at=at,
                closed_at=at if is_back else None,
            )
    except IntegrityError as error:
        if known := charge.disputes.filter(remote_id=remote.id).first():
            return known  # somebody else was first
        raise Unexplained(f"{charge} has less left than is disputed") from error
    _post(attempt, remote, "", [Posting(DISPUTED, remote.money)], fee=remote.fee, at=at)
    if is_back:
        _book_return(attempt, remote, at=at)
    charge.refresh_from_db()
    dispute_opened.send(sender=Dispute, charge=charge, at=at)
    return dispute


def _win(attempt: Attempt, dispute: Dispute, remote: RemoteDispute, *, at: datetime) -> None:
    rows = Charge.objects.filter(pk=dispute.charge_id)
    rows.update(disputed_minor=F("disputed_minor") - dispute.amount_minor)
    _book_return(attempt, remote, at=at)


def _book_return(attempt: Attempt, remote: RemoteDispute, *, at: datetime) -> None:
    back = [Posting(DISPUTED, -remote.money)]
    _post(attempt, remote, booking.WON, back, fee=_more_fee(attempt, remote), at=at)


def _lose(attempt: Attempt, dispute: Dispute, remote: RemoteDispute, *, at: datetime) -> None:
    """What was away is gone: no gift after all."""
    gone = [Posting("reader-funding", dispute.money), Posting(DISPUTED, -dispute.money)]
    _post(attempt, remote, booking.LOST, gone, fee=Money(0, remote.fee.currency), at=at)


def _post(
    attempt: Attempt,
    remote: RemoteDispute,
    ending: str,
    postings: list[Posting],
    *,
    fee: Money,
    at: datetime,
) -> None:
    """`postings` and the fee; what they leave open is cash at the provider."""
    all_but_cash = [*postings, Posting(DISPUTE_FEES, fee)]
    cash = booking.cash(attempt.provider)
    books.post(
        key=f"{booking.key_of(attempt.provider, remote.id)}{ending}",
        memo=f"dispute of payment {attempt.charge_id}{ending.replace(':', ' ')}",
        at=at,
        postings=[*all_but_cash, *(Posting(cash, -money) for money in booking.sums(all_but_cash))],
    )


def _more_fee(attempt: Attempt, remote: RemoteDispute) -> Money:
    """What the provider keeps now beyond what is booked."""
    key = booking.key_of(attempt.provider, remote.id)
    written = books.written(booking.keys_of(key)).values()
    booked = booking.sums([each for postings in written for each in postings], DISPUTE_FEES)
    for money in booked:
        if money.currency == remote.fee.currency:
            return remote.fee - money
    return remote.fee
