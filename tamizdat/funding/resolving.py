"""What a person decides about a line of a statement. Each decision is one, and is logged."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from tamizdat.funding import crediting, giving_back
from tamizdat.lib.creditor_reference import found_in
from tamizdat.payments import arriving, receiving
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt, BankLine, Charge, KeptLine
from tamizdat.payments.transfer import Transfer

RESOLVE = "funding.resolve_bank_line"  # in Wagtail's log


def gift_meant_by(sought: str) -> Charge | None:
    """The gift of a receipt number, or of the reference of a transfer, as a person writes it."""
    if charge := giving_back.numbered(sought.strip()).first():
        return charge
    at_transfer = Attempt.objects.filter(provider=Transfer.code, remote_id__in=found_in(sought))
    return giving_back.gifts().filter(attempts__in=at_transfer).first()


def as_gift(line: BankLine, charge: Charge, *, by: Any, now: datetime) -> Charge:
    """It is a gift of whoever promised `charge`. Returns the one it paid. Raises WrongState."""
    _refuse_endangered(line, charge, now=now)
    with transaction.atomic():
        paid = crediting.book_for(line, charge)
        _log(line, f"booked as a gift, receipt {paid.receipt_number}", by=by)
    return paid


def as_gift_of_nobody(line: BankLine, *, by: Any, now: datetime) -> Charge:
    """It is a gift, and nobody knows whose. Raises WrongState."""
    _refuse_endangered(line, None, now=now)
    with transaction.atomic():
        paid = crediting.book_without_giver(line, language=settings.LANGUAGE_CODE)
        _log(line, f"booked as a gift without a giver, receipt {paid.receipt_number}", by=by)
    return paid


@transaction.atomic
def as_return_of(line: BankLine, charge: Charge, *, by: Any) -> None:
    """It took `charge`, or a part of it, back. Raises WrongState."""
    receiving.book_return(line, charge, reason="went back by bank transfer")
    _log(line, f"booked as given back, receipt {charge.receipt_number}", by=by)


@transaction.atomic
def as_payout(line: BankLine, payout: KeptLine, *, by: Any, now: datetime) -> None:
    """It is what a provider paid out, or took back of that. Raises WrongState."""
    arriving.link(line, payout, now=now)
    _log(line, f"found to be the payout {payout.key}", by=by)


@transaction.atomic
def as_sent_back(line: BankLine, *, by: Any) -> None:
    """It was sent back at the bank, and never is in the books. Raises WrongState."""
    line.close(BankLine.State.SENT_BACK)
    _log(line, "sent back at the bank", by=by)


@transaction.atomic
def as_no_gift(line: BankLine, *, by: Any) -> None:
    """It is in no books of gifts: a grant, a bill. Raises WrongState."""
    line.close(BankLine.State.SET_ASIDE)
    _log(line, "set aside: no gift", by=by)


def _refuse_endangered(line: BankLine, charge: Charge | None, *, now: datetime) -> None:
    """By the rules and halts of now: it may have waited for longer than they are there.

    From then on it waits to be sent back. Raises WrongState.
    """
    line.refresh_from_db()
    if line.is_credit and crediting.endangers(line, charge, now=now):
        line.wait_on(BankLine.ENDANGERED)
    if line.reason == BankLine.ENDANGERED:
        raise WrongState(f"{line} is not to be kept")


def _log(line: BankLine, what: str, *, by: Any) -> None:
    data = {"what": what, "amount": line.money.format("en"), "on": line.booked_on.isoformat()}
    log(instance=line, action=RESOLVE, user=by, data=data)
