"""Work that a giver's browser does before a bank is opened: signed, for one gift, good for one use.

It costs a giver a second or so and whoever tries thousands of cards hours of a machine. How much
it is follows from what went wrong lately: see `breaking.hardness`.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from enum import Enum

from django.core import signing
from django.db import IntegrityError, transaction

from tamizdat.funding.models import UsedProof
from tamizdat.lib import puzzle
from tamizdat.lib.puzzle import Puzzle
from tamizdat.payments import breaking

LIFETIME = timedelta(hours=1)
MOST_TRIES = 256  # when all is well; doubled `breaking.hardness` times
_signer = signing.Signer(salt="tamizdat.funding.proof")


class Proof(Enum):
    GOOD = "good"
    NONE = "none"  # as of a browser without JavaScript
    STALE = "stale"  # too old, used before, too easy by now, or wrong: do another


def ask(reference: str, *, now: datetime) -> str:
    """The work for the gift `reference`, as the page carries it."""
    made = puzzle.make(most=MOST_TRIES << breaking.hardness(now=now))
    until = int((now + LIFETIME).timestamp())
    words = (reference, until, puzzle.ROUNDS, made.most, made.nonce, made.target)
    return _signer.sign(".".join(map(str, words)))


def judge(proof: str, *, reference: str, now: datetime) -> Proof:
    """What `proof`, the work and its answer, is worth. A good one is used up by this."""
    if not proof:
        return Proof.NONE
    work, _, answer = proof.rpartition("~")
    try:
        of, until, _rounds, most, nonce, target = _signer.unsign(work).split(".")
        asked, given = Puzzle(nonce, int(most), target), int(answer)
    except (signing.BadSignature, ValueError):
        return Proof.STALE
    is_ours = of == reference and int(until) >= now.timestamp()
    if not is_ours or _is_too_easy(asked, now=now) or not puzzle.is_solved(asked, given):
        return Proof.STALE
    return Proof.GOOD if _use(work, until=int(until)) else Proof.STALE


def forget(*, now: datetime) -> int:
    """Delete what is too old to be used again anyway. How many were."""
    return UsedProof.objects.filter(expires_at__lt=now).delete()[0]


def _is_too_easy(asked: Puzzle, *, now: datetime) -> bool:
    # One step behind may be: work that was kept for the day it gets hard is worth little.
    return asked.most * 2 < MOST_TRIES << breaking.hardness(now=now)


def _use(work: str, *, until: int) -> bool:
    digest = hashlib.sha256(work.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedProof.objects.create(digest=digest, expires_at=datetime.fromtimestamp(until, UTC))
    except IntegrityError:
        return False
    return True
