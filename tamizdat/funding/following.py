"""What becomes of dues and pledges when a charge goes one way or the other."""

from datetime import datetime

from tamizdat.funding import giving, halting
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Due, Letter, Pledge
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.payments.models import Attempt, Charge, Instrument

# No bank refused anything.
NOT_A_NO = frozenset(["canceled", "left", "never_arrived", "pledge_paused"])


def paid(charge: Charge, *, instrument: Instrument | None, at: datetime) -> None:
    """Move the pledge on, and thank its reader."""
    due = Due.objects.filter(charge=charge).select_related("pledge").first()
    if due:
        _move_on(due, instrument=instrument, at=at)
    supporter = giving.supporter_of(charge)
    if supporter and supporter.has_address and not halting.forbids(instrument):
        Letter.objects.create(
            kind=Letter.Kind.RECEIPT,
            supporter=supporter,
            pledge=due.pledge if due else None,
            charge=charge,
            created_at=at,
        )


def refused(charge: Charge, *, attempt: Attempt, is_hard: bool, at: datetime) -> None:
    """Halt, lapse or wait for the next try. What its reader did at the bank's page is no try."""
    due = Due.objects.filter(charge=charge).select_related("pledge").first()
    if not due:
        return
    due.pledge.hold()
    if not due.pledge.is_chargeable:
        return
    if attempt.reason == halting.HALTED or attempt.reason.startswith(NEVER_FROM):
        halt(due.pledge)
    elif attempt.return_url or attempt.reason in NOT_A_NO or due.pledge.state == "paused":
        return
    elif is_hard or due.is_tried_out:
        lapse(due.pledge, at=at)
    else:
        due.pledge.move_to(Pledge.State.PAST_DUE)
        _write_to(due.pledge, Letter.Kind.FAILED, at=at)


def lapse(pledge: Pledge, *, at: datetime) -> None:
    """We have stopped asking, and say so."""
    pledge.move_to(Pledge.State.LAPSED)
    if pledge.instrument:
        pledge.instrument.revoke()
    _write_to(pledge, Letter.Kind.LAPSED, at=at)


def halt(pledge: Pledge) -> None:
    """Nothing is taken from here on. No mail: it could be read by the wrong person."""
    pledge.move_to(Pledge.State.HALTED)
    pledge.letters.all().delete()
    if pledge.instrument:
        pledge.instrument.revoke()


def _move_on(due: Due, *, instrument: Instrument | None, at: datetime) -> None:
    pledge = due.pledge
    pledge.hold()
    if pledge.state == Pledge.State.INCOMPLETE:
        due.period_on = day_of(at)  # it begins when it is paid, not when it was promised
    Due.objects.filter(pk=due.pk).update(period_on=due.period_on, retry_on=None)
    _retire(pledge.instrument, used=instrument)
    pledge.mark_paid(period_on=due.period_on, instrument=instrument)
    if not pledge.is_ended and halting.forbids(instrument):
        halt(pledge)  # it was asked for before the halt: received, and the last
    if pledge.is_ended and instrument:
        instrument.revoke()


def _retire(old: Instrument | None, *, used: Instrument | None) -> None:
    """The reader paid with another card: the old one is not charged again."""
    if old and used and old != used:
        old.revoke()


def _write_to(pledge: Pledge, kind: Letter.Kind, *, at: datetime) -> None:
    Letter.objects.create(kind=kind, supporter=pledge.supporter, pledge=pledge, created_at=at)
