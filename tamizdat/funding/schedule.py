"""Charging what is due, each period at most once."""

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tamizdat.funding import following, letters
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Due, Pledge
from tamizdat.payments import charging
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Charge

logger = logging.getLogger(__name__)


def charge_due(*, now: datetime) -> int:
    """Ask the banks for what is due, and send the letters that wait. How many were asked.

    After days without a worker the current period is charged, and none that was missed: nobody
    finds four months taken on one day. Any number of workers may run this at once.
    """
    asked = 0
    for pledge in Pledge.objects.due(on=day_of(now)).order_by("pk"):
        try:
            asked += _charge(pledge, now=now)
        except (WrongState, IntegrityError):
            logger.info("%s moved on meanwhile", pledge)
        except PaymentError as error:
            logger.warning("%s could not be charged: %s", pledge, type(error).__name__)
    letters.send_waiting(now=now)
    return asked


def _charge(pledge: Pledge, *, now: datetime) -> bool:
    today = day_of(now)
    period_on = pledge.period_at(today)
    if not _give_up_earlier(pledge, period_on=period_on, now=now):
        return False
    due = _due(pledge, period_on=period_on, today=today, now=now)
    if due.charge.state not in (Charge.State.NEW, Charge.State.FAILED) or not due.retry_on:
        return False
    if due.is_tried_out:
        if due.retry_on <= today:
            following.lapse(pledge, at=now)
        return False
    if pledge.instrument is None or not due.claim(today=today):
        return False
    charging.charge_saved(charge=due.charge, instrument=pledge.instrument, now=now)
    return True


def _give_up_earlier(pledge: Pledge, *, period_on: date, now: datetime) -> bool:
    """Call off what earlier periods still owe. False if one of them may be paid yet."""
    unpaid = pledge.dues.filter(period_on__lt=period_on).exclude(
        charge__state__in=[Charge.State.SUCCEEDED, Charge.State.CANCELED]
    )
    for due in unpaid:
        if charging.cancel(due.charge, now=now).state != Charge.State.CANCELED:
            return False
    return True


@transaction.atomic
def _due(pledge: Pledge, *, period_on: date, today: date, now: datetime) -> Due:
    """Of this period, written now or before. A pause ends here."""
    if pledge.state == Pledge.State.PAUSED:
        pledge.move_to(Pledge.State.ACTIVE)
    if due := pledge.dues.filter(period_on=period_on).first():
        return due
    charge = Charge.objects.create(
        amount_minor=pledge.amount_minor, currency=pledge.currency, created_at=now
    )
    # Of two workers here the second fails on due_once_a_period, and its charge is undone.
    return Due.objects.create(pledge=pledge, period_on=period_on, charge=charge, retry_on=today)
