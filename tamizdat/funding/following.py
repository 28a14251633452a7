"""What becomes of dues and pledges when a charge goes one way or the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from tamizdat.funding import giving, halting
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Due, Letter, Pledge
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.lib.once import reading_once
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.signals import Success

# No bank refused anything.
NEVER_ARRIVED = "never_arrived"
NOT_A_NO = frozenset(["canceled", "left", NEVER_ARRIVED, "pledge_paused"])
AUTHENTICATION, EXPIRED = "authentication_required", "expired_card"
PATIENCE = timedelta(days=5)  # before a bank that wants to hear from its reader is asked blindly


def paid(success: Success, *, country: str = "", at: datetime) -> None:
    """Move the pledge on, and thank its reader; `country` is where it came from, if no card is."""
    charge, attempt, instrument = success
    due = Due.objects.filter(charge=charge).select_related("pledge").first()
    if due:
        _move_on(due, instrument=instrument, at=at)
    supporter = giving.supporter_of(charge)
    country = instrument.issuer_country if instrument else country
    # Asked for before a halt: received, but a mail could be read by the wrong person.
    if supporter and not halting.refusal(provider=attempt.provider, country=country):
        pledge = due.pledge if due else None
        Letter.objects.write(Letter.Kind.RECEIPT, supporter, pledge=pledge, charge=charge, at=at)


def paid_together(successes: Sequence[Success], *, at: datetime) -> None:
    """The same for many kept instruments. Who has not simply gone on giving is followed alone."""
    charges = [success.charge for success in successes]
    dues = {due.charge_id: due for due in Due.objects.filter(charge__in=charges)}
    held = _hold_together(due.pledge_id for due in dues.values())
    plain: list[tuple[Success, Due, Pledge]] = []
    with reading_once():
        for success in successes:
            due = dues.get(success.charge.pk)
            pledge = held.get(due.pledge_id) if due else None
            if due and pledge and _goes_on(pledge, success.instrument):
                plain.append((success, due, pledge))
            else:
                paid(success, at=at)
    _move_on_together(plain)
    Letter.objects.bulk_create(
        Letter(
            kind=Letter.Kind.RECEIPT,
            supporter=pledge.supporter,
            pledge=pledge,
            charge=success.charge,
            created_at=at,
        )
        for success, _, pledge in plain
        if pledge.supporter.wants_mail
    )


def refused(charge: Charge, *, attempt: Attempt, is_hard: bool, at: datetime) -> None:
    """Halt, lapse or wait for the next try. What its reader did at the bank's page is no try."""
    due = Due.objects.filter(charge=charge).select_related("pledge").first()
    if not due:
        return
    due.pledge.hold()
    if not due.pledge.is_chargeable or _was_replaced(attempt.instrument, due.pledge):
        return
    _note_why(attempt, due)
    if attempt.reason == halting.HALTED or attempt.reason.startswith(NEVER_FROM):
        halt(due.pledge)
    elif attempt.return_url or attempt.reason in NOT_A_NO or due.pledge.state == "paused":
        return
    elif is_hard or due.is_tried_out:
        lapse(due.pledge, at=at)
    elif attempt.reason == AUTHENTICATION:
        _ask_reader(due, at=at)
    else:
        _fall_behind(due.pledge, at=at)


def _note_why(attempt: Attempt, due: Due) -> None:
    if attempt.instrument and attempt.reason == EXPIRED:
        attempt.instrument.mark_expired()
    if attempt.reason == NEVER_ARRIVED:
        due.give_back_try()


@transaction.atomic
def expired(due: Due, *, at: datetime) -> None:
    """Its card has expired, and no new one is known: nobody asks the bank, and this was a try."""
    due.pledge.hold()
    if due.pledge.state in (Pledge.State.ACTIVE, *Pledge.OWING):
        if due.is_tried_out:
            lapse(due.pledge, at=at)
        else:
            _fall_behind(due.pledge, at=at)


def disputed(charge: Charge) -> None:
    """Its giver tells their bank that they did not want it: ask for nothing more.

    STOPPED, as if they had told us; and no mail, for who reads that mailbox is not certain now.
    """
    charge.letters.all().delete()
    due = Due.objects.filter(charge=charge).select_related("pledge").first()
    if not due:
        return
    due.pledge.hold()
    due.pledge.letters.all().delete()
    if not due.pledge.is_ended:
        due.pledge.move_to(Pledge.State.STOPPED)
        if due.pledge.instrument:
            due.pledge.instrument.revoke()


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


def given_back(charge: Charge, *, at: datetime) -> None:
    """Some or all of it: its reader is told, wherever the gift began."""
    _tell_of_refunds(charge, Letter.Kind.REFUNDED, at=at)


def came_back(charge: Charge, *, at: datetime) -> None:
    """What was given back did not arrive: its reader is told what to do."""
    _tell_of_refunds(charge, Letter.Kind.RETURNED, at=at)


def _tell_of_refunds(charge: Charge, kind: Letter.Kind, *, at: datetime) -> None:
    """In one mail, which says how it stands: what waited before would say the same, or the old."""
    charge.letters.filter(kind__in=[Letter.Kind.REFUNDED, Letter.Kind.RETURNED]).delete()
    supporter = giving.supporter_of(charge)
    pledge = charge.due.pledge if hasattr(charge, "due") else None
    is_halted = pledge is not None and pledge.state == Pledge.State.HALTED
    if supporter and not is_halted:  # then a mail could endanger
        Letter.objects.write(kind, supporter, pledge=pledge, charge=charge, at=at)


def _ask_reader(due: Due, *, at: datetime) -> None:
    """The bank wants to hear from its reader: written to at once, and given some days."""
    due.pledge.move_to(Pledge.State.UNCONFIRMED)
    due.wait_until(day_of(at) + PATIENCE)
    _write_to(due.pledge, Letter.Kind.CONFIRM, at=at)


def _fall_behind(pledge: Pledge, *, at: datetime) -> None:
    pledge.move_to(Pledge.State.PAST_DUE)
    _write_to(pledge, Letter.Kind.FAILED, at=at)


def _was_replaced(instrument: Instrument | None, pledge: Pledge) -> bool:
    """Its reader has named another card meanwhile, of which this says nothing."""
    return instrument is not None and instrument.pk != pledge.instrument_id


def _move_on(due: Due, *, instrument: Instrument | None, at: datetime) -> None:
    pledge = due.pledge
    pledge.hold()
    instrument = _unless_revoked(instrument)
    if pledge.state == Pledge.State.INCOMPLETE:
        due.period_on = day_of(at)  # it begins when it is paid, not when it was promised
    Due.objects.filter(pk=due.pk).update(period_on=due.period_on, retry_on=None)
    _retire(pledge.instrument, used=instrument)
    pledge.mark_paid(period_on=due.period_on, instrument=instrument)
    if not pledge.is_ended and halting.forbids(instrument):
        halt(pledge)  # it was asked for before the halt: received, and the last
    if pledge.is_ended and instrument:
        instrument.revoke()


def _hold_together(pledges: Iterable[int]) -> dict[int, Pledge]:
    """Locked in one order, as whoever locks several pledges does."""
    rows = Pledge.objects.select_related("supporter").filter(pk__in=list(pledges)).order_by("pk")
    locked = rows.select_for_update(no_key=True, of=("self",))
    return {pledge.pk: pledge for pledge in locked}


def _goes_on(pledge: Pledge, instrument: Instrument | None) -> bool:
    is_same = instrument is not None and pledge.instrument_id == instrument.pk
    return pledge.state == Pledge.State.ACTIVE and is_same and not halting.forbids(instrument)


def _move_on_together(plain: Sequence[tuple[Success, Due, Pledge]]) -> None:
    Due.objects.filter(pk__in=[due.pk for _, due, _ in plain]).update(retry_on=None)
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    for _, due, pledge in plain:
        by_day[pledge.next_day_once_paid(due.period_on)].append(pledge.pk)
    for day, pledges in by_day.items():
        Pledge.objects.filter(pk__in=pledges).update(next_due_on=day)


def _unless_revoked(instrument: Instrument | None) -> Instrument | None:
    """The one that paid, if it is to be charged again: its reader may have named another one."""
    if instrument:
        instrument.refresh_from_db()
    return instrument if instrument and not instrument.is_revoked else None


def _retire(old: Instrument | None, *, used: Instrument | None) -> None:
    """The reader paid with another card: the old one is not charged again."""
    if old and used and old != used:
        old.revoke()


def _write_to(pledge: Pledge, kind: Letter.Kind, *, at: datetime) -> None:
    Letter.objects.write(kind, pledge.supporter, pledge=pledge, at=at)
