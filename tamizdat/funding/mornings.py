"""The plain part of what is due, many pledges at a time.

Plain is an active pledge with an active instrument, of which no earlier period is unpaid and of
whose period nobody has asked yet. All others are charged one by one, in `schedule`.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tamizdat.funding import following, halting
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Due, Pledge
from tamizdat.funding.models.due import GAPS
from tamizdat.lib.once import reading_once
from tamizdat.payments import together
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.silence import Silent

AT_ONCE = 50  # as many are locked while their dues are written


class Place(NamedTuple):
    """In the order in which pledges fall due, behind this one."""

    day: date = date.min
    pk: int = 0


START = Place()


class Claim(NamedTuple):
    attempts: list[Attempt]
    last: Place  # that was looked at


def charge_plainly_due(*, now: datetime, silent: Silent | None = None) -> int:
    """Ask the banks for it. How many were asked. Any number of workers may run this at once.

    What is due at a provider that is `silent`, or turns out to be, waits for the next round.
    """
    asked, place, silent = 0, START, Silent() if silent is None else silent
    while claimed := claim(now=now, behind=place, silent=silent):
        together.take(claimed.attempts, now=now, silent=silent)
        asked += len(claimed.attempts)
        place = claimed.last
    return asked


@transaction.atomic(durable=True)
def claim(*, now: datetime, behind: Place = START, silent: Collection[str] = ()) -> Claim | None:
    """Write dues, charges and attempts for some that nobody else has claimed; None if none is left.

    As when one is claimed: a reader who stops, pauses or changes the amount does so before this,
    and it counts here; or after, and finds the attempt and calls it off.
    """
    today = day_of(now)
    held = _held(today, behind)
    if not held:
        return None
    with reading_once():
        pledges = [pledge for pledge in _plain(held, silent) if not _is_halted(pledge)]
    return Claim(_begin(pledges, today=today, now=now), held[-1])


def _held(today: date, behind: Place) -> list[Place]:
    """Locked: nobody changes them before this transaction ends. What others hold is theirs.

    Read along the index of what is due. Whatever else must hold is asked of these few alone: a
    database that does not know yet how much is due would look through all of it, each time.
    """
    due = Pledge.objects.due(on=today).select_for_update(no_key=True, skip_locked=True)
    places = due.order_by("next_due_on", "pk").values_list("next_due_on", "pk")
    same_day = places.filter(next_due_on=behind.day, pk__gt=behind.pk)
    later = places.filter(next_due_on__gt=behind.day)
    some = same_day[:AT_ONCE] or later[:AT_ONCE]
    return [Place(day, pk) for day, pk in some if day]


def _plain(held: Sequence[Place], silent: Collection[str]) -> QuerySet[Pledge]:
    """Of those that are ours now; whoever held one before may have written its due."""
    settled = [Charge.State.SUCCEEDED, Charge.State.CANCELED]
    in_the_way = Q(period_on__gte=OuterRef("next_due_on")) | ~Q(charge__state__in=settled)
    dues = Due.objects.filter(in_the_way, pledge=OuterRef("pk"))
    active = Q(state=Pledge.State.ACTIVE, instrument__state=Instrument.State.ACTIVE)
    codes = {each.code for each in registry.all_of_them()}.difference(silent)
    found = Pledge.objects.filter(
        active, instrument__provider__in=codes, pk__in=[place.pk for place in held]
    )
    return found.exclude(Exists(dues)).order_by("pk").select_related("instrument", "supporter")


def _is_halted(pledge: Pledge) -> bool:
    if not halting.forbids(pledge.instrument):
        return False
    following.halt(pledge)
    return True


def _begin(pledges: Sequence[Pledge], *, today: date, now: datetime) -> list[Attempt]:
    asked = [
        (
            Charge(amount_minor=pledge.amount_minor, currency=pledge.currency, created_at=now),
            pledge.instrument,
        )
        for pledge in pledges
        if pledge.instrument
    ]
    attempts = together.begin(asked, now=now)
    Due.objects.bulk_create(
        Due(
            pledge=pledge,
            period_on=pledge.period_at(today),
            charge=attempt.charge,
            tries=1,
            retry_on=today + GAPS[0],
        )
        for pledge, attempt in zip(pledges, attempts, strict=True)
    )
    return attempts
