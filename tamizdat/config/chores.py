"""What `tamizdat work` does, in turn and for ever.

A chore may be killed at any moment, run late, and run twice at once in two workers.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from django.core.management import call_command

from tamizdat.appeals import goals, reminding, sharing
from tamizdat.config import statistics
from tamizdat.config.supervising import Stop
from tamizdat.editions import baking, copies, searching, verifying
from tamizdat.figures import keeping as keeping_figures
from tamizdat.funding import crediting, expiry_notices, halting, purging, schedule, switching
from tamizdat.ledger import sums
from tamizdat.newsletters import sending, subscribing
from tamizdat.payments import (
    awaiting,
    expiring,
    forgetting,
    keeping,
    noticing,
    reconciling,
    refunding,
    settling,
)
from tamizdat.staff import errands

logger = logging.getLogger(__name__)


class Chore(Protocol):
    def __call__(self, *, now: datetime) -> object: ...


def publish_scheduled(*, now: datetime) -> None:  # noqa: ARG001 Wagtail looks at its own clock
    """Publish what is due, unpublish what has expired."""
    call_command("publish_scheduled", verbosity=0)


CHORES: Sequence[tuple[str, Chore]] = (
    ("publish what is scheduled", publish_scheduled),
    ("bake", baking.catch_up),
    ("do what the desk left", errands.run),
    ("enforce halts", halting.enforce),
    ("look for payouts in statements", awaiting.keep_up),
    ("book transfers", crediting.match_new),
    ("look at what providers told", noticing.look_at_noted),
    ("settle open payments", settling.resolve_open),
    ("settle open refunds", refunding.resolve_open),
    ("settle cards that are being changed", keeping.resolve_open),
    ("look how long cards live", expiring.follow_updates),
    ("tell of cards that end", expiry_notices.write),
    ("watch the ways to pay", switching.watch),
    ("charge what is due", schedule.charge_due),
    ("forget cards that are never charged again", forgetting.forget_revoked),
    ("reconcile with providers", reconciling.keep_up),
    ("add up the books", sums.add_up),
    ("count the figures", keeping_figures.keep_up),
    ("measure what campaigns have reached", goals.measure),
    ("forget who never paid", purging.forget_unpaid),
    ("remind readers", reminding.send_due),
    ("share readers out anew", sharing.share_anew),
    ("write to who signed up", subscribing.write_to_new),
    ("send newsletters", sending.send_due),
    ("forget who did not confirm", subscribing.forget_unconfirmed),
    ("make search find what is new", searching.keep_up),
    ("spread the edition", copies.spread),
    ("make what takes long", baking.finish),
    ("count the database's rows", statistics.keep_up),
    ("verify the edition at night", verifying.verify_nightly),
    ("compress better what was baked in haste", copies.polish),
)


def do_all(
    chores: Sequence[tuple[str, Chore]], *, clock: Callable[[], datetime], stop: Stop
) -> list[str]:
    """Do each chore once, whatever becomes of the others; the names of those that failed."""
    failed = []
    for name, chore in chores:
        if stop.is_set():
            break
        try:
            chore(now=clock())
        except Exception as error:  # noqa: BLE001 one chore does not stop the others
            logger.error("could not %s: %s", name, _where(error))  # noqa: TRY400
            failed.append(name)
    return failed


def _where(error: Exception) -> str:
    # The message may quote a row, and a row may be about someone.
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}"
