"""Putting in the books what a provider's account says, and we did not hear of."""

from datetime import datetime

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.payments import booking, noticing, refunding, settling
from tamizdat.payments.models import Attempt, KeptLine
from tamizdat.payments.providers.account import AccountLine, Movement
from tamizdat.payments.providers.base import Provider, RemoteRefund

OF_A_DISPUTE = (Movement.DISPUTE, Movement.DISPUTE_RETURN)


def key_of(line: AccountLine, provider: str) -> str:
    """Under which the books have, or should have, what the line is about."""
    return f"{booking.key_of(provider, line.about)}{_ending(line)}"


def explain(line: AccountLine, provider: Provider, *, now: datetime) -> None:
    """Book what it is about, if we can find out, and then its fee and its currency.

    It is written down already, as are the others about the same.
    Raises Unexplained where it is about other money than we think; Unreachable; Declined.
    """
    key = key_of(line, provider.code)
    if not books.written([key]):
        _book(line, key, provider, now=now)
    if books.written([key]) and line.movement is not Movement.FEE:
        lines = KeptLine.objects.filter(provider=provider.code, key=key)
        gross, fee = lines.together(line.gross.currency)  # what came in parts was booked whole
        booking.correct(
            key,
            provider=provider.code,
            gross=gross,
            fee=fee,
            fees=booking.DISPUTE_FEES if line.movement in OF_A_DISPUTE else "fees",
            at=now,
        )


def _ending(line: AccountLine) -> str:
    if line.movement is Movement.DISPUTE_RETURN:
        return booking.WON
    is_payout_back = line.movement is Movement.PAYOUT and line.gross.minor > 0
    came_back = is_payout_back or line.movement is Movement.REFUND_RETURN
    return booking.RETURNED if came_back else ""


def _book(line: AccountLine, key: str, provider: Provider, *, now: datetime) -> None:
    match line.movement:
        case Movement.PAYOUT:
            _move(line, key, provider, booking.BANK, "payout", at=now)
        case Movement.FEE:
            _move(line, key, provider, "fees", "fee of the provider", at=now)
        case Movement.OTHER:
            return
        case _:
            if attempt := _attempt_of(line, provider):
                _hear_of(line, key, settling.resolve(attempt, now=now), now=now)


def _attempt_of(line: AccountLine, provider: Provider) -> Attempt | None:
    """Of the payment that it is about; some name only the refund that came back."""
    if line.payment_id:
        return noticing.find(line.payment_id, provider)
    paid = Attempt.objects.filter(provider=provider.code, state=Attempt.State.SUCCEEDED)
    is_named = line.movement is Movement.REFUND_RETURN and line.object_id
    return paid.filter(charge__refunds__remote_id=line.object_id).first() if is_named else None


def _hear_of(line: AccountLine, key: str, attempt: Attempt, *, now: datetime) -> None:
    """A refund, or its end, that its provider cannot list with its payment, only here."""
    is_whole = line.gross.currency == attempt.charge.currency
    is_ours = attempt.state == Attempt.State.SUCCEEDED
    if not (is_whole and is_ours) or books.written([key]):
        return
    back = KeptLine.objects.filter(provider=attempt.provider, key=f"{key}{booking.RETURNED}")
    if line.movement is Movement.REFUND_RETURN:
        refund = RemoteRefund(line.object_id, line.gross, has_failed=True)
        refunding.follow(attempt, refund, now=now)
    elif line.movement is Movement.REFUND:
        refund = RemoteRefund(line.object_id, -line.gross, has_failed=back.exists())
        refunding.follow(attempt, refund, now=now)


def _move(
    line: AccountLine, key: str, provider: Provider, to: str, memo: str, *, at: datetime
) -> None:
    """Out of the provider's cash: `to` gets the gross, the provider its fee."""
    books.post(
        key=key,
        memo=memo,
        at=at,
        postings=[
            Posting(to, -line.gross),
            Posting("fees", line.fee),
            Posting(booking.cash(provider.code), line.net),
        ],
    )
