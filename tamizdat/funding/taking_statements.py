"""A bank's file, from its bytes to gifts in the books, and to payouts that have arrived."""

from dataclasses import dataclass
from datetime import datetime

from tamizdat.funding import crediting
from tamizdat.payments import awaiting
from tamizdat.payments.statements import files, taking_in
from tamizdat.payments.statements.reading import Statement
from tamizdat.payments.statements.taking_in import TakenIn


@dataclass(frozen=True)
class Done:
    taken: TakenIn
    booked: int  # lines that are gifts in the books now
    arrived: int  # lines that are payouts, also some that waited


def take(content: bytes, *, now: datetime) -> Done:
    """Raises NotAStatement and keeps nothing; LayoutUnknown when nobody knows such a CSV yet."""
    return take_read(files.statements_in(content), now=now)


def take_read(statements: list[Statement], *, now: datetime) -> Done:
    """Raises NotAStatement and keeps nothing."""
    taken = taking_in.take_in(statements, accounts=files.accounts(), now=now)
    arrived = awaiting.keep_up(now=now)  # first, so that no payout is put to a person
    return Done(taken, crediting.match_new(now=now), arrived)
