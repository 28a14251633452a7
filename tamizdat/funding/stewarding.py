"""What staff do to a gift because its supporter asked: who did it, and why, is kept.

Only what leaves a supporter with less to pay, or sends them their own link. Never upwards, never
to another card: that is theirs alone.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from tamizdat.funding import selfservice
from tamizdat.funding.models import Contribution, Pledge, Supporter
from tamizdat.lib.money import Money
from tamizdat.payments.errors import WrongState

STOP, PAUSE, RESUME = "funding.stop", "funding.pause", "funding.resume"
SKIP, LOWER, LINK, ERASE = "funding.skip", "funding.lower", "funding.link", "funding.erase"
DONE = {  # in Wagtail's log
    STOP: "Stopped it",
    PAUSE: "Paused it",
    RESUME: "Resumed it",
    SKIP: "Left out the next gift",
    LOWER: "Lowered the amount",
    LINK: "Sent a new link",
    ERASE: "Erased the supporter",
}
NOT_ENDED = Pledge.CAME_FROM[Pledge.State.STOPPED]
POSSIBLE_IN = {
    STOP: NOT_ENDED,
    PAUSE: (Pledge.State.ACTIVE,),
    RESUME: (Pledge.State.PAUSED,),
    SKIP: (Pledge.State.ACTIVE,),
    LOWER: Pledge.CHARGEABLE,
    LINK: tuple(Pledge.State),
}


def stop(pledge: Pledge, *, reason: str, by: Any, now: datetime) -> None:
    _do(pledge, STOP, partial(selfservice.end, pledge, now=now), reason=reason, by=by)
    selfservice.call_off(pledge, now=now)


def pause(pledge: Pledge, months: int, *, reason: str, by: Any, now: datetime) -> None:
    hold_back = partial(selfservice.hold_back, pledge, months, now=now)
    _do(pledge, PAUSE, hold_back, reason=reason, by=by)
    selfservice.call_off(pledge, now=now)


def resume(pledge: Pledge, *, reason: str, by: Any, now: datetime) -> None:
    _do(pledge, RESUME, partial(selfservice.resume, pledge, now=now), reason=reason, by=by)


def skip(pledge: Pledge, period_on: date, *, reason: str, by: Any, now: datetime) -> None:
    """Of the day that was shown. Raises WrongState if another one is next."""
    leave_out = partial(selfservice.leave_out, pledge, period_on, now=now)
    _do(pledge, SKIP, leave_out, reason=reason, by=by)
    selfservice.call_off(pledge, now=now)


def lower(pledge: Pledge, money: Money, *, reason: str, by: Any, now: datetime) -> None:
    """Raises WrongState unless it is less than what is given now."""

    def change() -> None:
        if not 0 < money.minor < pledge.amount_minor:
            raise WrongState(f"{pledge} can only be lowered")
        selfservice.change_amount(pledge, money, now=now)

    _do(pledge, LOWER, change, reason=reason, by=by)


def send_link(pledge: Pledge, *, reason: str, by: Any, now: datetime) -> None:
    """To the address that is kept, whoever wrote to us. Raises WrongState without one."""

    def mail() -> None:
        if not pledge.supporter.has_address:
            raise WrongState(f"{pledge.supporter} has no address")
        selfservice.mail_new_link(pledge.supporter, pledge, now=now)

    _do(pledge, LINK, mail, reason=reason, by=by)


def erase(
    supporter: Supporter, *, found_by: Pledge | Contribution, reason: str, by: Any, now: datetime
) -> None:
    """Stop all they give, and destroy the address. The books keep sums and days."""
    with transaction.atomic(durable=True):
        supporter.hold()
        if not supporter.has_address:
            raise WrongState(f"{supporter} has no address")
        selfservice.erase(supporter)
        log(instance=found_by, action=ERASE, user=by, data={"reason": reason})
    for pledge in supporter.pledges.order_by("pk"):
        selfservice.call_off(pledge, now=now)


def history(gift: Pledge | Contribution) -> list[ModelLogEntry]:
    """What was done from the desk, newest first."""
    entries = ModelLogEntry.objects.for_instance(gift).filter(action__in=DONE)
    return list(entries.order_by("-timestamp", "-pk"))


def _do(pledge: Pledge, action: str, act: Callable[[], None], *, reason: str, by: Any) -> None:
    # In one transaction with who did it, and before any bank is asked.
    with transaction.atomic(durable=True):
        pledge.hold()
        if pledge.state not in POSSIBLE_IN[action]:
            raise WrongState(f"{pledge} is {pledge.state}")
        act()
        log(instance=pledge, action=action, user=by, data={"reason": reason})
