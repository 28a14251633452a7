"""Charging what is due, each period at most once."""

import logging
import random
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min

from tamizdat.funding import following, halting, letters, mornings
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Due, Pledge
from tamizdat.payments import charging, expiring
from tamizdat.payments.errors import PaymentError, Unreachable, WrongState
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.silence import Silent

AT_A_TIME = 100  # pledges that are read before the first of them is charged

logger = logging.getLogger(__name__)


def charge_due(*, now: datetime) -> int:
    """Ask the banks for what is due, and send the letters that wait. How many were asked.

    After days without a worker the current period is charged, and none that was missed: nobody
    finds four months taken on one day. Any number of workers may run this at once.
    """
    silent = Silent()
    asked = mornings.charge_plainly_due(now=now, silent=silent)
    for pledge in _some_at_a_time(day_of(now)):
        provider = pledge.instrument.provider if pledge.instrument else ""
        if provider in silent:
            continue
        try:
            if attempt := _charge(pledge, silent, now=now):
                asked += 1
                if attempt.state == Attempt.State.SENT:  # nobody said what became of it
                    silent.add(attempt.provider)
        except WrongState:
            logger.info("%s moved on meanwhile", pledge)
        except Exception as error:  # noqa: BLE001 one pledge does not stop the others
            silent.note(provider, error)
            # Without its message, which may quote a row or a token.
            logger.warning("%s could not be charged: %s", pledge, type(error).__name__)
    letters.send_waiting(now=now)
    return asked


def _some_at_a_time(today: date) -> Iterator[Pledge]:
    """Each pledge that is due, from somewhere on and round to there.

    So that workers begin in different places, and one finds little of what another has charged.
    """
    due = Pledge.objects.due(on=today).select_related("instrument").order_by("pk")
    numbers = due.aggregate(first=Min("pk"), last=Max("pk"))
    if numbers["first"] is None:
        return
    start = random.randint(numbers["first"], numbers["last"])  # noqa: S311 - no secret
    for part in (due.filter(pk__gte=start), due.filter(pk__lt=start)):
        after = -1
        while some := list(part.filter(pk__gt=after)[:AT_A_TIME]):
            yield from some
            after = some[-1].pk


def _charge(pledge: Pledge, silent: Silent, *, now: datetime) -> Attempt | None:
    """`pledge` is as it was when the list was read. What counts is how `claim` finds it."""
    if not _give_up_earlier(pledge, silent, now=now):
        return None
    due = claim(pledge, now=now)
    if due is None or due.pledge.instrument is None:
        return None
    if due.pledge.instrument.is_expired and not _is_renewed(due, due.pledge.instrument, now=now):
        following.expired(due, at=now)
        return None
    return charging.charge_saved(charge=due.charge, instrument=due.pledge.instrument, now=now)


@transaction.atomic(durable=True)
def claim(pledge: Pledge, *, now: datetime) -> Due | None:
    """The gift that the bank may be asked for now, by us alone; None if there is none.

    A reader who stops, pauses or changes the amount does so before this, and it counts here; or
    after, and finds the due and calls it off. Of two workers, one gets it. Raises NotSetUp.
    """
    today = day_of(now)
    pledge.hold()
    if not pledge.is_due(on=today):
        return None
    if halting.forbids(pledge.instrument):
        following.halt(pledge)
        return None
    if pledge.instrument:
        registry.get(pledge.instrument.provider)  # or nobody is asked, and a try is lost
    due = _due(pledge, period_on=pledge.period_at(today), today=today, now=now)
    if due.charge.state not in (Charge.State.NEW, Charge.State.FAILED):
        return None
    if not due.is_tried_out:
        return due if due.take_try(today=today) else None
    if due.retry_on and due.retry_on <= today:
        following.lapse(pledge, at=now)
    return None


def _is_renewed(due: Due, instrument: Instrument, *, now: datetime) -> bool:
    """Whether its bank has sent a new card meanwhile, and its network told of it.

    Raises Unreachable where nobody says; then it was no try.
    """
    try:
        expiring.look_at(instrument, now=now)
    except Unreachable:
        due.give_back_try()
        raise
    except PaymentError:  # it is not there any more
        return False
    return not instrument.is_expired


def _give_up_earlier(pledge: Pledge, silent: Silent, *, now: datetime) -> bool:
    """Call off what earlier periods still owe. False if one of them may be paid yet."""
    unpaid = pledge.dues.filter(period_on__lt=pledge.period_at(day_of(now))).exclude(
        charge__state__in=[Charge.State.SUCCEEDED, Charge.State.CANCELED]
    )
    return all(charging.try_to_cancel(due.charge, silent, now=now) for due in unpaid)


def _due(pledge: Pledge, *, period_on: date, today: date, now: datetime) -> Due:
    """Of this period, written now or before. A pause ends here."""
    if pledge.state == Pledge.State.PAUSED:
        pledge.move_to(Pledge.State.ACTIVE)
    if due := pledge.dues.filter(period_on=period_on).first():
        return due
    charge = Charge.objects.create(
        amount_minor=pledge.amount_minor, currency=pledge.currency, created_at=now
    )
    return Due.objects.create(pledge=pledge, period_on=period_on, charge=charge, retry_on=today)
