"""What a supporter does from the link in a mail. Done twice, each is done once."""

import contextlib
from datetime import date, datetime

from django.db import transaction

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.funding.signals import address_forgotten
from tamizdat.lib.money import Money
from tamizdat.payments import charging
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Charge

PAUSES = (1, 2, 3)  # months
SETTLED = (Charge.State.SUCCEEDED, Charge.State.CANCELED)


@transaction.atomic
def change_amount(pledge: Pledge, money: Money, *, now: datetime) -> None:
    """From the next time we ask the bank. Raises WrongState once the pledge has ended."""
    pledge.hold()
    if pledge.money == money:
        return
    pledge.change_amount(money)
    # What the bank refused is asked for again: that too is of the amount we now show.
    for due in pledge.dues.filter(charge__state__in=[Charge.State.NEW, Charge.State.FAILED]):
        with contextlib.suppress(WrongState):
            due.charge.ask_for(money)
    _confirm(pledge, Letter.Kind.CHANGED, now=now)


def pause(pledge: Pledge, months: int, *, now: datetime) -> None:
    """Leave out so many monthly gifts. Raises WrongState unless it is active."""
    with transaction.atomic():
        pledge.hold()
        if pledge.state != Pledge.State.PAUSED:
            _pause(pledge, months)
            _confirm(pledge, Letter.Kind.PAUSED, now=now)
    _call_off(pledge, now=now)


@transaction.atomic
def resume(pledge: Pledge, *, now: datetime) -> None:
    """Give again from the next date on. Raises WrongState once the pledge has ended."""
    pledge.hold()
    if pledge.state == Pledge.State.ACTIVE:
        return
    if pledge.state != Pledge.State.PAUSED:
        raise WrongState(f"{pledge} is {pledge.state}")
    pledge.move_to(Pledge.State.ACTIVE, next_due_on=_first_open(pledge, now=now))
    _confirm(pledge, Letter.Kind.RESUMED, now=now)


def stop(pledge: Pledge, *, now: datetime) -> None:
    """Nothing is taken after this, not even what the bank has been asked for and not answered."""
    with transaction.atomic():
        pledge.hold()
        if not pledge.is_ended:
            _stop(pledge)
            _confirm(pledge, Letter.Kind.STOPPED, now=now)
    _call_off(pledge, now=now)


def forget(supporter: Supporter, *, now: datetime) -> None:
    """Stop what they give and destroy the address. What was given stays in the books."""
    with transaction.atomic():
        supporter.hold()  # a promise that is being written waits, and finds a stranger
        pledges = list(supporter.pledges.order_by("pk"))
        for pledge in pledges:
            pledge.hold()
            if not pledge.is_ended:
                _stop(pledge)
        if address := supporter.address:
            address_forgotten.send(sender=Supporter, address=address)
        supporter.letters.all().delete()
        supporter.erase()
    for pledge in pledges:
        _call_off(pledge, now=now)


def mail_new_link(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> None:
    """To the address that is kept, and to no other. Asked twice before it is sent, it is one."""
    Letter.objects.get_or_create(
        kind=Letter.Kind.LINK, supporter=supporter, pledge=pledge, defaults={"created_at": now}
    )


def _pause(pledge: Pledge, months: int) -> None:
    if pledge.next_due_on is None or pledge.interval != Pledge.Interval.MONTH:
        raise WrongState(f"{pledge} cannot be paused")
    until = pledge.period_after(pledge.next_due_on, skip=months - 1)
    pledge.move_to(Pledge.State.PAUSED, next_due_on=until)


def _stop(pledge: Pledge) -> None:
    pledge.move_to(Pledge.State.STOPPED)
    if pledge.instrument:
        pledge.instrument.revoke()


def _call_off(pledge: Pledge, *, now: datetime) -> None:
    for due in pledge.dues.exclude(charge__state__in=SETTLED):
        # Should the bank not hear us now, `before_charge` refuses when it does.
        with contextlib.suppress(PaymentError):
            charging.cancel(due.charge, now=now)


def _first_open(pledge: Pledge, *, now: datetime) -> date:
    """The first period from today on that is neither paid nor called off."""
    last = pledge.dues.filter(charge__state__in=SETTLED).order_by("period_on").last()
    coming = pledge.period_at(day_of(now))
    if coming < day_of(now) or (last and last.period_on >= coming):
        coming = pledge.period_after(max(coming, last.period_on if last else coming))
    return coming


def _confirm(pledge: Pledge, kind: Letter.Kind, *, now: datetime) -> None:
    # What was not sent yet and is not true any more is not sent.
    told = [Letter.Kind.CHANGED, Letter.Kind.PAUSED, Letter.Kind.RESUMED, kind]
    pledge.letters.filter(kind__in=told).delete()
    if pledge.supporter.has_address:
        Letter.objects.create(kind=kind, supporter=pledge.supporter, pledge=pledge, created_at=now)
