"""Gifts that arrive by bank transfer: each line of a statement is one, or is put to a person.

A line is booked by itself only when its reference is whole, leads to a gift that waits for it or
to a pledge that is sent each month, and the sum is the one that was promised. Nothing is guessed.
"""

import logging
from datetime import datetime

from django.db import transaction

from tamizdat.funding import giving, halting, policy
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Contribution, Due, Pledge, RiskRule
from tamizdat.payments import receiving
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt, BankLine, Charge
from tamizdat.payments.transfer import Transfer

NO_REFERENCE, UNKNOWN, CALLED_OFF = "no_reference", "unknown_reference", "called_off"
OTHER_SUM, AGAIN, SAME_PERIOD = "other_sum", "second_transfer", "same_period"
ENDED, WENT_BACK, ENDANGERED = "pledge_ended", "went_back", BankLine.ENDANGERED

logger = logging.getLogger(__name__)


def match_new(*, now: datetime) -> int:
    """Book what is certain and put the rest to a person. How many lines were booked.

    Repeating it is harmless, also in two workers at once.
    """
    booked = 0
    for line in BankLine.objects.filter(state=BankLine.State.NEW).order_by("booked_on", "pk"):
        try:
            booked += _match(line, now=now)
        except WrongState:
            logger.info("%s was looked at meanwhile", line)
    return booked


def gift_named_in(line: BankLine) -> Charge | None:
    """The gift of which the line carries the reference."""
    attempt = _attempt_named_in(line)
    return attempt.charge if attempt else None


def endangers(line: BankLine, charge: Charge | None, *, now: datetime) -> bool:
    """Whether `line`, as a gift like `charge`, cannot be refused any more, but is not kept."""
    if halting.refusal(provider=Transfer.code, country=line.country):
        return True
    interval = giving.interval_of(charge) if charge else giving.ONCE
    return bool(line.country) and (
        policy.verdict(line.country, interval, methods=Transfer.methods, on=day_of(now))
        == RiskRule.Action.NEVER
    )


@transaction.atomic
def book_for(line: BankLine, charge: Charge) -> Charge:
    """`line` is a gift of whoever promised `charge`: that one, if it is still awaited.

    Else the next of its pledge, or one more gift. Returns the charge that it paid. Raises
    WrongState.
    """
    line.hold()
    return _book_expected(line, charge) or _book_one_more(line, like=charge)


@transaction.atomic
def book_without_giver(line: BankLine, *, language: str) -> Charge:
    """`line` is a gift, and nobody knows whose. Raises WrongState."""
    charge = _charge(line)
    Contribution.objects.create(charge=charge, language=language, created_at=line.at)
    receiving.book_unasked(line, charge)
    return charge


def _match(line: BankLine, *, now: datetime) -> bool:
    """Whether it was booked. Raises WrongState when another worker looked at it first."""
    try:
        with transaction.atomic():
            return _book_or_wait(line, now=now)
    except WrongState:  # what it is for was called off meanwhile
        with transaction.atomic():
            line.hold()
            line.wait(CALLED_OFF)
        return False


def _book_or_wait(line: BankLine, *, now: datetime) -> bool:
    line.hold()
    if line.state != BankLine.State.NEW:
        raise WrongState(f"{line} is {line.state}")
    attempt = _attempt_named_in(line)
    doubt = _doubt(line, attempt, now=now)
    if attempt and not doubt and _book_expected(line, attempt.charge):
        return True
    line.wait(doubt or SAME_PERIOD)
    return False


def _book_expected(line: BankLine, charge: Charge) -> Charge | None:
    """As the gift that is awaited, or the next one of its pledge; None if it is neither."""
    attempt = charge.attempts.open().filter(provider=Transfer.code).first()
    if attempt and charge.currency == line.currency:
        return _book_first(line, attempt)
    if not hasattr(charge, "due"):
        return None
    pledge = charge.due.pledge
    pledge.hold()
    return _book_next(line, pledge) if _is_next_of(pledge, line) else None


def _doubt(line: BankLine, attempt: Attempt | None, *, now: datetime) -> str:
    """Why a person has to look; empty if everything fits."""
    if not line.is_credit:
        return WENT_BACK
    if endangers(line, attempt.charge if attempt else None, now=now):
        return ENDANGERED
    if attempt is None:
        return UNKNOWN if line.reference else NO_REFERENCE
    if attempt.is_open:
        return "" if line.money == attempt.charge.money else OTHER_SUM
    if attempt.state != Attempt.State.SUCCEEDED:
        return CALLED_OFF
    if not hasattr(attempt.charge, "due"):
        return AGAIN
    return _doubt_of_next(line, attempt.charge.due.pledge)


def _doubt_of_next(line: BankLine, pledge: Pledge) -> str:
    if pledge.state != Pledge.State.STANDING:
        return ENDED
    if line.money != pledge.money:
        return OTHER_SUM
    return "" if _is_next_of(pledge, line) else SAME_PERIOD


def _attempt_named_in(line: BankLine) -> Attempt | None:
    ours = Attempt.objects.filter(provider=Transfer.code).select_related("charge")
    return ours.filter(remote_id=line.reference).first() if line.reference else None


def _is_next_of(pledge: Pledge, line: BankLine) -> bool:
    """Whether the pledge is sent by its reader's bank, and its gift of that time is not here."""
    if pledge.state != Pledge.State.STANDING or pledge.currency != line.currency:
        return False
    return not pledge.dues.filter(period_on=pledge.period_nearest(line.booked_on)).exists()


def _book_first(line: BankLine, attempt: Attempt) -> Charge:
    charge = attempt.charge
    if charge.money != line.money:
        charge.accept(line.money)
    receiving.book(line, attempt)
    if hasattr(charge, "due"):
        charge.due.pledge.follow(line.money)
    return charge


def _book_next(line: BankLine, pledge: Pledge) -> Charge:
    charge = _charge(line)
    Due.objects.create(
        pledge=pledge, period_on=pledge.period_nearest(line.booked_on), charge=charge
    )
    receiving.book_unasked(line, charge)
    pledge.follow(line.money)
    return charge


def _book_one_more(line: BankLine, *, like: Charge) -> Charge:
    charge, supporter = _charge(line), giving.supporter_of(like)
    Contribution.objects.create(
        charge=charge,
        supporter=supporter,
        language=supporter.language if supporter else like.contribution.language,
        created_at=line.at,
    )
    receiving.book_unasked(line, charge)
    return charge


def _charge(line: BankLine) -> Charge:
    money = line.money
    return Charge.objects.create(
        amount_minor=money.minor, currency=money.currency, created_at=line.at
    )
