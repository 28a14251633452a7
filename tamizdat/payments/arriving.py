"""A line of a statement that is a provider's payout.

It is one by itself only when it names the provider, its sum and its day fit, and there is neither
another payout nor another line for which it could be taken. Nothing is guessed.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tamizdat.payments import booking, differing
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import BankLine, KeptLine

BEFORE, AFTER = timedelta(days=3), timedelta(days=10)  # a bank books it, from the day it was sent

logger = logging.getLogger(__name__)


def recognise(*, now: datetime) -> int:
    """Link what is certain, also of what waits for a person. How many lines were linked.

    Repeating it is harmless, also in two workers at once.
    """
    named = BankLine.objects.undecided().filter(reference="").exclude(provider="")
    return sum(_recognise(line, now=now) for line in named.order_by("booked_on", "pk"))


def fitting(line: BankLine) -> QuerySet[KeptLine]:
    """Payouts of its very sum that are in no line yet, the newest first."""
    same = KeptLine.objects.payouts().filter(bank_line=None, currency=line.currency)
    return same.filter(gross_minor=-line.amount_minor).order_by("-at", "-pk")


@transaction.atomic
def link(line: BankLine, payout: KeptLine, *, now: datetime) -> None:
    """`line` is the money of `payout`, to the cent.

    Raises WrongState when it is another sum, or one of the two has found its own before.
    """
    if line.money != payout.at_bank:
        raise WrongState(f"{line} is another sum than {payout}")
    try:
        with transaction.atomic():
            line.close(BankLine.State.PAID_OUT, payout=payout)
    except IntegrityError as error:
        raise WrongState(f"{payout} is in another line") from error
    differing.judge(booking.BANK, {payout.key}, now=now)


def _recognise(line: BankLine, *, now: datetime) -> bool:
    payout = _certainly(line)
    if payout is None:
        return False
    try:
        link(line, payout, now=now)
    except WrongState:
        logger.info("%s was looked at meanwhile", line)
        return False
    return True


def _certainly(line: BankLine) -> KeptLine | None:
    """The payout that it is, unless another one or another line fits as well."""
    noon, to_midnight = line.at, timedelta(hours=12)
    days = (noon - AFTER - to_midnight, noon + BEFORE + to_midnight)
    possible = list(fitting(line).filter(at__range=days)[:2])
    if [payout.provider for payout in possible] != [line.provider]:
        return None
    return None if _rivals(line, possible[0]).exists() else possible[0]


def _rivals(line: BankLine, payout: KeptLine) -> QuerySet[BankLine]:
    """Whatever else without a reference of ours that could be it."""
    same = BankLine.objects.undecided().exclude(pk=line.pk).filter(reference="")
    days = (payout.at.date() - BEFORE, payout.at.date() + AFTER)
    return same.filter(
        amount_minor=line.amount_minor, currency=line.currency, booked_on__range=days
    )
