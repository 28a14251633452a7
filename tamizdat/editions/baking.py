"""Baking: from what changed in the database to the files that readers get.

`answer` bakes what someone waits for, `catch_up` what is left, `bake` everything there is; all by
the same road: take in what was told, make what is outdated, keep what is still true, go live.
Only taking in and keeping are done one at a time: an editor does not wait for a long bake.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tamizdat.editions import crew, keeping, live, taking_in, targets
from tamizdat.editions.crew import Batch
from tamizdat.editions.models import Change, Edition, Outdated
from tamizdat.editions.tracing import Memory

AT_ONCE = 40  # pages that an editor waits for; the worker bakes the others
TOGETHER = 1000  # pages of a long bake that go live as one edition

Progress = Callable[[Iterable[int], int], Iterable[int]]  # sizes of steps, their sum


@dataclass
class Tally:
    """What a bake came to."""

    edition: Edition | None = None  # the last it made; None if no file had to change
    pages: int = 0
    files: int = 0
    failed: int = 0
    again: int = 0
    why: str = ""


def answer(*, now: datetime, at_once: int = AT_ONCE) -> Tally:
    """Bake what has just changed and what is nearest to it; more than that waits for the worker.

    What nobody may read any more is taken away before all else.
    """
    memory = Memory()
    since = _take_in(memory, now=now)
    due = list(Outdated.objects.due(now=now)[:at_once])
    tally = Tally()
    if due:
        keys = [row.key for row in due]
        batch = crew.bake_here(keys, memory, since=since, best=len(keys) <= crew.BEST_BELOW)
        _keep([batch], due, tally, now=now)
    return tally


def catch_up(*, now: datetime, workers: int = 0, progress: Progress = lambda steps, _: steps) -> Tally:
    """Bake all that is outdated. Interrupted, what is live is whole; the next call goes on.

    A page that cannot be made keeps its last file, is counted, and is tried again later.
    """
    tally = Tally()
    while True:
        _take_in(Memory(), now=now)
        due = list(Outdated.objects.due(now=now)[: 100 * TOGETHER])
        before = tally.pages
        for _ in progress(_bake_in_turn(due, tally, workers=workers, now=now), len(due)):
            pass
        if tally.pages == before:
            return tally


def bake(*, why: str, now: datetime, workers: int = 0, progress: Progress = lambda s, _: s) -> Tally:
    """Make every page anew, whatever the traces say."""
    with live.site().tree.lock("bake"), transaction.atomic():
        # What was told so far is in what we are about to read.
        Change.objects.filter(taken_in=None).update(taken_in=taking_in.next_number(now=now))
        taking_in.outdate_everything(now=now, why=why)
        taking_in.outdate(list(targets.everything()), now=now, why=why)
    return catch_up(now=now, workers=workers, progress=progress)


def _take_in(memory: Memory, *, now: datetime) -> int:
    """Take in all that was told; the number since which this memory knows of everything."""
    with live.site().tree.lock("bake"):
        _take_away_what_is_hidden(memory, now=now)
        while taking_in.take_in(memory=memory, now=now) == taking_in.AT_ONCE:
            pass
        return keeping.last_taking_in()


def _take_away_what_is_hidden(memory: Memory, *, now: datetime) -> None:
    """An unpublishing may be a matter of safety: it goes before everything else."""
    told = Change.objects.filter(taken_in=None).values_list("token", flat=True)
    hidden = taking_in.hidden(told[: taking_in.AT_ONCE], memory)
    with transaction.atomic():
        if changes := keeping.withdraw(hidden, now=now):
            live.go_live(changes, why="taken away", now=now, remove_first=list(changes))


def _bake_in_turn(
    due: Sequence[Outdated], tally: Tally, *, workers: int, now: datetime
) -> Iterator[int]:
    """How many were made, step by step; what was made goes live from time to time."""
    waiting: list[Batch] = []
    for batch in crew.bake([row.key for row in due], workers=workers):
        waiting.append(batch)
        yield len(batch.loaves)
        if sum(len(each.loaves) for each in waiting) >= TOGETHER:
            _keep(waiting, due, tally, now=now)
            waiting = []
    if waiting:
        _keep(waiting, due, tally, now=now)


def _keep(batches: Sequence[Batch], due: Sequence[Outdated], tally: Tally, *, now: datetime) -> None:
    why = {row.pk: row.why for row in due}
    with live.site().tree.lock("bake"), transaction.atomic():
        kept = [
            keeping.keep(each.loaves, each.facts, since=each.since, why=why, now=now)
            for each in batches
        ]
        changes = {path: entry for each in kept for path, entry in each.changes.items()}
        tally.pages += sum(len(each.kept) for each in kept)
        tally.failed += sum(len(each.failed) for each in kept)
        tally.again += sum(len(each.again) for each in kept)
        tally.files += len(changes)
        if changes:
            tally.why = why[batches[0].loaves[0].number]
            tally.edition = live.go_live(
                changes,
                why=tally.why,
                now=now,
                page_count=sum(len(each.kept) for each in kept),
                failed_count=sum(len(each.failed) for each in kept),
            )
