"""How a gift went, in the few ways that matter to its reader."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from tamizdat.funding import confirming, wording
from tamizdat.funding.halting import HALTED
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.payments import settling
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Charge
from tamizdat.payments.transfer import Transfer

LEFT = frozenset(["canceled", "left"])
FROM_US = frozenset([HALTED, "pledge_ended"])


@dataclass(frozen=True)
class Outcome:
    name: str  # of the page that tells it
    reason: str = ""  # why nothing was taken, in a sentence
    may_try_again: bool = False


def of(charge: Charge, *, now: datetime) -> Outcome:
    """Ask the bank if that is not known yet. Never charges a second time."""
    attempt = charge.latest_attempt
    if attempt and attempt.is_open:
        # No answer, one that a person must look at, or another was faster: not known yet.
        with contextlib.suppress(PaymentError, WrongState):
            attempt = settling.resolve(attempt, now=now)
        charge.refresh_from_db()
    if charge.state == Charge.State.SUCCEEDED:
        return Outcome("thanks")
    if confirming.is_asked(charge, now=now):
        return Outcome("mailed")
    if charge.state == Charge.State.CANCELED or attempt is None:
        return Outcome("cancelled")
    if attempt.is_open and attempt.provider == Transfer.code:
        return Outcome("awaited")
    if attempt.is_open:
        return Outcome("unfinished" if attempt.is_before_money else "pending")
    if attempt.reason in LEFT:
        return Outcome("cancelled", may_try_again=True)
    from_us = attempt.reason.startswith(NEVER_FROM) or attempt.reason in FROM_US
    return Outcome("declined", wording.refusal(attempt.reason), may_try_again=not from_us)
