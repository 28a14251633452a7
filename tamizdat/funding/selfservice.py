"""What a supporter does from the link in a mail. Done twice, each is done once."""

import contextlib
from datetime import date, datetime

from django.db import transaction

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.lib.money import Money
from tamizdat.payments import charging
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Charge

PAUSES = (1, 2, 3)  # months


@transaction.atomic
def change_amount(pledge: Pledge, money: Money, *, now: datetime) -> None:
    """From the next gift on. Raises WrongState once the pledge has ended."""
    if pledge.money == money:
        return
    pledge.change_amount(money)
    _confirm(pledge, Letter.Kind.CHANGED, now=now)


@transaction.atomic
def pause(pledge: Pledge, months: int, *, now: datetime) -> None:
    """Leave out so many monthly gifts. Raises WrongState unless it is active."""
    if pledge.state == Pledge.State.PAUSED:
        return
    if pledge.next_due_on is None or pledge.interval != Pledge.Interval.MONTH:
        raise WrongState(f"{pledge} cannot be paused")
    until = pledge.period_after(pledge.next_due_on, skip=months - 1)
    pledge.move_to(Pledge.State.PAUSED, next_due_on=until)
    _confirm(pledge, Letter.Kind.PAUSED, now=now)


@transaction.atomic
def resume(pledge: Pledge, *, now: datetime) -> None:
    """Give again from the next date on. Raises WrongState once the pledge has ended."""
    if pledge.state == Pledge.State.ACTIVE:
        return
    if pledge.state != Pledge.State.PAUSED:
        raise WrongState(f"{pledge} is {pledge.state}")
    pledge.move_to(Pledge.State.ACTIVE, next_due_on=_first_unpaid(pledge, now=now))
    _confirm(pledge, Letter.Kind.RESUMED, now=now)


def stop(pledge: Pledge, *, now: datetime) -> None:
    """Nothing is taken after this, not even what the bank has been asked for and not answered."""
    if pledge.is_ended:
        return
    with transaction.atomic():
        pledge.move_to(Pledge.State.STOPPED)
        if pledge.instrument:
            pledge.instrument.revoke()
        _confirm(pledge, Letter.Kind.STOPPED, now=now)
    for due in pledge.dues.exclude(charge__state=Charge.State.SUCCEEDED):
        # An instrument that is revoked is never charged again, whether the bank hears us or not.
        with contextlib.suppress(PaymentError):
            charging.cancel(due.charge, now=now)


def forget(supporter: Supporter, *, now: datetime) -> None:
    """Stop what they give and destroy the address. What was given stays in the books."""
    for pledge in supporter.pledges.all():
        stop(pledge, now=now)
    supporter.letters.all().delete()
    supporter.erase()


def mail_new_link(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> None:
    """To the address that is kept, and to no other. Asked twice before it is sent, it is one."""
    Letter.objects.get_or_create(
        kind=Letter.Kind.LINK, supporter=supporter, pledge=pledge, defaults={"created_at": now}
    )


def _first_unpaid(pledge: Pledge, *, now: datetime) -> date:
    paid = pledge.dues.filter(charge__state=Charge.State.SUCCEEDED)
    last = paid.order_by("period_on").last()
    coming = pledge.period_at(day_of(now))
    if coming < day_of(now) or (last and last.period_on >= coming):
        coming = pledge.period_after(max(coming, last.period_on if last else coming))
    return coming


def _confirm(pledge: Pledge, kind: Letter.Kind, *, now: datetime) -> None:
    # What was not sent yet and is not true any more is not sent.
    told = [Letter.Kind.CHANGED, Letter.Kind.PAUSED, Letter.Kind.RESUMED, kind]
    pledge.letters.filter(kind__in=told).delete()
    if pledge.supporter.address:
        Letter.objects.create(kind=kind, supporter=pledge.supporter, pledge=pledge, created_at=now)
