"""What a supporter does from the link in a mail. Done twice, each is done once."""

import contextlib
from datetime import date, datetime

from django.db import transaction

from tamizdat.funding import policy
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.funding.signals import address_forgotten
from tamizdat.lib.money import Money
from tamizdat.lib.months import first_on
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


@transaction.atomic
def change_day(pledge: Pledge, day: int, *, now: datetime) -> None:
    """From the first such day of a month on that is no earlier than what was promised.

    `day` is 1 to 28. Raises WrongState while a gift is owed or under way, and after the end.
    """
    pledge.hold()
    promised_on = _promised_on(pledge)
    if pledge.anchor_on and pledge.anchor_on.day == day:
        return
    pledge.begin_again_on(first_on(day, not_before=max(promised_on, day_of(now))))
    _confirm(pledge, Letter.Kind.MOVED, now=now)


@transaction.atomic
def change_interval(pledge: Pledge, interval: str, money: Money, *, now: datetime) -> None:
    """`money` each month or each year, from the day on that was promised.

    Raises WrongState as `change_day` does, and Vetoed where such a gift would endanger.
    """
    pledge.hold()
    promised_on = _promised_on(pledge)
    if pledge.interval == interval:
        return
    if pledge.state != Pledge.State.ACTIVE or money.currency != pledge.currency:
        raise WrongState(f"{pledge} cannot become a gift each {interval}")
    if card := pledge.instrument:
        policy.refuse(card.issuer_country, interval, provider=card.provider, on=day_of(now))
    pledge.begin_again_on(promised_on, interval=interval, money=money)
    _confirm(pledge, Letter.Kind.MOVED, now=now)


def pause(pledge: Pledge, months: int, *, now: datetime) -> None:
    """Leave out so many monthly gifts. Raises WrongState unless it is active."""
    with transaction.atomic():
        hold_back(pledge, months, now=now)
    call_off(pledge, now=now)


def skip(pledge: Pledge, period_on: date, *, now: datetime) -> None:
    """Leave out the gift of that day, whether it is given monthly or yearly; then it goes on.

    The day is the one that was shown, so that pressed twice it is one. Raises WrongState if
    another one is next, or it is not active.
    """
    with transaction.atomic():
        leave_out(pledge, period_on, now=now)
    call_off(pledge, now=now)


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
        end(pledge, now=now)
    call_off(pledge, now=now)


def forget(supporter: Supporter, *, now: datetime) -> None:
    """Stop what they give and destroy the address. What was given stays in the books."""
    with transaction.atomic():
        erase(supporter)
    for pledge in supporter.pledges.order_by("pk"):
        call_off(pledge, now=now)


@transaction.atomic
def mail_new_link(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> None:
    """To the address that is kept, and to no other. Asked twice before it is sent, it is one.

    Whoever wants no mail asks for this one.
    """
    supporter.hold()  # of two presses the second finds the letter of the first
    Letter.objects.ask_anew(Letter.Kind.LINK, supporter, at=now, pledge=pledge)


# The halves of `pause`, `skip`, `stop` and `forget` that are one transaction, for whoever writes
# down with them why: to be followed, once committed, by `call_off`.


def hold_back(pledge: Pledge, months: int, *, now: datetime) -> None:
    pledge.hold()
    if pledge.state == Pledge.State.PAUSED:
        return
    if pledge.next_due_on is None or pledge.interval != Pledge.Interval.MONTH:
        raise WrongState(f"{pledge} cannot be paused")
    _pause_until(pledge, pledge.period_after(pledge.next_due_on, skip=months - 1), now=now)


def leave_out(pledge: Pledge, period_on: date, *, now: datetime) -> None:
    pledge.hold()
    if pledge.state == Pledge.State.PAUSED:
        return
    if pledge.state != Pledge.State.ACTIVE or pledge.next_due_on != period_on:
        raise WrongState(f"{pledge} has nothing to leave out on {period_on}")
    _pause_until(pledge, pledge.period_after(period_on), now=now)


def end(pledge: Pledge, *, now: datetime) -> None:
    pledge.hold()
    if not pledge.is_ended:
        _stop(pledge)
        _confirm(pledge, Letter.Kind.STOPPED, now=now)


def erase(supporter: Supporter) -> None:
    supporter.hold()  # a promise that is being written waits, and finds a stranger
    for pledge in supporter.pledges.order_by("pk"):
        pledge.hold()
        if not pledge.is_ended:
            _stop(pledge)
    if address := supporter.address:
        address_forgotten.send(sender=Supporter, address=address)
    supporter.letters.all().delete()
    supporter.erase()


def call_off(pledge: Pledge, *, now: datetime) -> None:
    """What the bank was asked for and must not take now."""
    for due in pledge.dues.exclude(charge__state__in=SETTLED):
        # Should the bank not hear us now, `before_charge` refuses when it does.
        with contextlib.suppress(PaymentError):
            charging.cancel(due.charge, now=now)


def _promised_on(pledge: Pledge) -> date:
    """The next day, when nothing is owed and the bank is being asked for nothing."""
    is_owing = pledge.dues.exclude(charge__state__in=SETTLED).exists()
    if is_owing or pledge.state in Pledge.OWING or pledge.next_due_on is None:
        raise WrongState(f"{pledge} is {pledge.state}")
    return pledge.next_due_on


def _pause_until(pledge: Pledge, until: date, *, now: datetime) -> None:
    pledge.move_to(Pledge.State.PAUSED, next_due_on=until)
    _confirm(pledge, Letter.Kind.PAUSED, now=now)


def _stop(pledge: Pledge) -> None:
    pledge.move_to(Pledge.State.STOPPED)
    if pledge.instrument:
        pledge.instrument.revoke()


def _first_open(pledge: Pledge, *, now: datetime) -> date:
    """The first period from today on that is neither paid nor called off."""
    last = pledge.dues.filter(charge__state__in=SETTLED).order_by("period_on").last()
    coming = pledge.period_at(day_of(now))
    if coming < day_of(now) or (last and last.period_on >= coming):
        coming = pledge.period_after(max(coming, last.period_on if last else coming))
    return coming


def _confirm(pledge: Pledge, kind: Letter.Kind, *, now: datetime) -> None:
    # What was not sent yet and is not true any more is not sent.
    told = [Letter.Kind.CHANGED, Letter.Kind.MOVED, Letter.Kind.PAUSED, Letter.Kind.RESUMED, kind]
    pledge.letters.filter(kind__in=told).delete()
    Letter.objects.write(kind, pledge.supporter, pledge=pledge, at=now)
