"""Booking a line of a statement, once it is known to be a gift, or one that went back."""

from django.db import IntegrityError, transaction

from tamizdat.payments import refunding, settling
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt, BankLine, Charge, Refund
from tamizdat.payments.models.attempt import key_of
from tamizdat.payments.transfer import Transfer


@transaction.atomic
def book(line: BankLine, attempt: Attempt) -> Attempt:
    """`line` is the money of `attempt`, of the very sum: book it on the day of the bank.

    Raises WrongState when the attempt was closed, or the line resolved, before.
    """
    try:
        with transaction.atomic():
            line.close(BankLine.State.BOOKED, attempt=attempt)
    except IntegrityError as error:
        raise WrongState(f"{attempt} is paid by another line") from error
    attempt = settling.resolve(attempt, now=line.at)
    if attempt.state != Attempt.State.SUCCEEDED:
        raise WrongState(f"{attempt} is {attempt.state}")
    return attempt


@transaction.atomic
def book_unasked(line: BankLine, charge: Charge) -> Attempt:
    """`line` is the money of `charge`, which was written for it. Raises as `book` does."""
    charge.move_to(Charge.State.OPEN)
    attempt = Attempt.objects.create(
        charge=charge,
        provider=Transfer.code,
        number=1,
        idempotency_key=key_of(charge, 1),
        remote_id=line.public_id,
        created_at=line.at,
    )
    return book(line, attempt)


@transaction.atomic
def book_return(line: BankLine, charge: Charge, *, reason: str) -> Refund:
    """`line` took back what `charge` had brought, or a part of it.

    Raises WrongState when that much was not taken, or went back before; when it was not taken by
    transfer; when the line was resolved before.
    """
    if not charge.attempts.filter(provider=Transfer.code, state="succeeded").exists():
        raise WrongState(f"{charge} was not paid by transfer")
    refund = refunding.reserve(charge, -line.money, reason=reason, now=line.at)
    line.close(BankLine.State.BOOKED, refund=refund)
    return refunding.resolve(refund, now=line.at)
