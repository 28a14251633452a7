"""Baking: from what changed in the database to the files that readers get.

`answer` bakes what someone waits for, `catch_up` what is left, `bake` everything there is; all by
the same road: take in what was told, make what is outdated, keep what is still true, go live.
Only taking in and keeping are done one at a time: an editor does not wait for a long bake.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tamizdat.editions import crew, hiding, keeping, live, settling, software, taking_in, targets
from tamizdat.editions.crew import Batch
from tamizdat.editions.keeping import Kept
from tamizdat.editions.models import Change, Edition, Outdated
from tamizdat.editions.tracing import Memory

AT_ONCE = 40  # pages that an editor waits for; the worker bakes the others
MANY = 2000  # changes at once that only the worker has the time to take in
TOGETHER = 1000  # pages of a long bake that are kept, and go live, together
EDITIONS = 8  # of a round at most: each writes anew what it says of most of the site
IN_A_ROUND = 100_000
PATIENCE = 4  # times that what shows something hidden is made, while the desk goes on

Watcher = Callable[[int, int], None]  # is told how many are done, of how many


def nobody(_done: int, _of: int) -> None:
    """For a bake that nobody watches."""


@dataclass
class Tally:
    """What a bake came to."""

    edition: Edition | None = None  # the last it made; None if no file had to change
    pages: int = 0
    files: int = 0  # that changed
    failed: int = 0
    left: int = 0  # pages that the worker will bake
    named: list[tuple[str, str]] = field(default_factory=list)  # paths of some, and why
    unseen: list[Kept] = field(default_factory=list)  # what is to go live with the next edition

    def __str__(self) -> str:
        edition = f"{self.edition}: " if self.edition else ""
        return f"{edition}{self.pages} pages made, {self.files} files changed"


def answer(*, now: datetime, at_once: int = AT_ONCE) -> Tally:
    """Bake what has just changed and what is nearest to it; more than that waits for the worker.

    What nobody may read any more is taken away before all else, however much was told, and what
    shows some of it is made (hiding.py); both are outside `at_once`.
    """
    tally = Tally()
    taken = _take_in(tally, now=now, at_most=MANY)
    if taken is None:
        tally.left = Change.objects.filter(taken_in=None).count()
        return tally
    waiting = Outdated.objects.due(now=now) if taken.hid else Outdated.objects.waited_for(now=now)
    due = list(waiting[:at_once])
    if due:
        batch = crew.bake_here([row.key for row in due], taken.memory, since=taken.since)
        _keep([batch], due, tally, now=now)
        _go_live(tally, now=now)
        tally.left = Outdated.objects.waited_for(now=now).count()
    return tally


def catch_up(*, now: datetime, workers: int = 0, watch: Watcher = nobody) -> Tally:
    """Bake all that is outdated. Interrupted, what is live is whole; the next call goes on.

    A page that cannot be made keeps its last file, is counted, and is tried again later.
    """
    tally = Tally()
    before = -1
    while tally.pages > before:
        before = tally.pages
        _take_in(tally, now=now)
        due = list(Outdated.objects.due(now=now)[:IN_A_ROUND])
        _bake_round(due, tally, workers=workers, now=now, watch=watch)
    return tally


def finish(*, now: datetime, at_once: int = 25) -> Tally:
    """Make what takes long and no reader waits for, of a few pages; for the worker's spare time."""
    tally = Tally()
    due = list(Outdated.objects.at_leisure(now=now)[:at_once])
    if due:
        since = keeping.last_taking_in()
        keys = [row.key for row in due]
        batch = crew.bake_here(keys, Memory(now=now), since=since, at_leisure=True)
        _keep([batch], due, tally, now=now)
        _go_live(tally, now=now)
    return tally


def bake(*, now: datetime, workers: int = 0, watch: Watcher = nobody) -> Tally:
    """Make every page anew, whatever the traces say."""
    why = "everything was asked for"
    with live.site().tree.lock("bake"):
        settling.mend(now=now)
        told = taking_in.told()
        hiding.take_away(told, now=now)
        with transaction.atomic():
            # What was told so far is in what we are about to read.
            taking_in.mark([pk for pk, _token in told], now=now)
            taking_in.outdate_everything(now=now, why=why)
            taking_in.outdate(list(targets.everything()), now=now, why=why)
    return catch_up(now=now, workers=workers, watch=watch)


@dataclass(frozen=True)
class _Taken:
    memory: Memory
    since: int  # up to which number of a taking-in it knows of everything
    hid: bool  # whether some of it was that a page may not be read any more


def _take_in(tally: Tally, *, now: datetime, at_most: int | None = None) -> _Taken | None:
    """Take in all that was told, what hides a page first; None if what is left is too much."""
    hid = False
    while True:
        memory = Memory(now=now)
        with live.site().tree.lock("bake"):
            software.notice()
            told = taking_in.told()
            first = hiding.take_away(told, now=now)
            if first is None:
                if at_most is not None and len(told) > at_most:
                    return None
                taking_in.take_in(told[: taking_in.AT_ONCE], memory=memory, now=now)
                if len(told) <= taking_in.AT_ONCE:
                    settling.settle(why="left by a bake that was broken off", now=now)
                    return _Taken(memory, keeping.last_taking_in(), hid)
        if first is not None:
            hid = True
            _make_first(first, tally, now=now)


def _make_first(numbers: Sequence[int], tally: Tally, *, now: datetime) -> None:
    """Make these before anything else is taken in; tried again where what they read changes."""
    for _ in range(PATIENCE):
        due = list(Outdated.objects.due(now=now).filter(pk__in=numbers))
        if not due:
            return
        memory = Memory(now=now)
        with live.site().tree.lock("bake"):
            changes = taking_in.concerning(numbers, taking_in.told())
            if taking_in.hidden(changes):
                return  # the next look takes that away before it is taken in
            taking_in.take_in(changes, memory=memory, now=now)
            since = keeping.last_taking_in()
        batch = crew.bake_here([row.key for row in due], memory, since=since)
        _keep([batch], due, tally, now=now)
        _go_live(tally, now=now)


def _bake_round(
    due: Sequence[Outdated], tally: Tally, *, workers: int, now: datetime, watch: Watcher
) -> None:
    """Bake them all; what is made goes live from time to time."""
    enough = max(TOGETHER, len(due) // EDITIONS)
    waiting: list[Batch] = []
    done = 0
    for batch in crew.bake([row.key for row in due], now=now, workers=workers):
        waiting.append(batch)
        done += len(batch.loaves)
        if sum(len(each.loaves) for each in waiting) >= TOGETHER:
            _keep(waiting, due, tally, now=now)
            waiting = []
        if sum(len(each.kept) for each in tally.unseen) >= enough:
            _go_live(tally, now=now)
        watch(done, len(due))
    if waiting:
        _keep(waiting, due, tally, now=now)
    if tally.unseen:
        _go_live(tally, now=now)


def _keep(
    batches: Sequence[Batch], due: Sequence[Outdated], tally: Tally, *, now: datetime
) -> None:
    """If all ends here, the next to look finds what is kept, and brings it to the readers."""
    why = {row.pk: row.why for row in due}
    with live.site().tree.lock("bake"), transaction.atomic():
        kept = [
            keeping.keep(each.loaves, each.facts, since=each.since, why=why, now=now)
            for each in batches
        ]
    tally.unseen += kept
    tally.pages += sum(len(each.kept) for each in kept)
    tally.failed += sum(len(each.failed) for each in kept)
    tally.files += sum(len(each.paths) for each in kept)
    tally.named += [
        (loaf.wanted[0].path, why.get(loaf.number, ""))
        for loaf in batches[0].loaves[:9]
        if loaf.wanted and loaf.number in kept[0].kept
    ]


def _go_live(tally: Tally, *, now: datetime) -> None:
    pages, failed = (sum(len(getattr(k, n)) for k in tally.unseen) for n in ("kept", "failed"))
    with live.site().tree.lock("bake"):
        edition = settling.settle(
            why=tally.unseen[0].why, now=now, baked_count=pages, failed_count=failed
        )
    tally.edition = edition or tally.edition
    tally.unseen = []
