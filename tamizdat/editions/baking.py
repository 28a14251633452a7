"""Baking: from what changed in the database to the files that readers get.

`answer` bakes what someone waits for, `catch_up` what is left, `bake` everything there is; all by
the same road: take in what was told, make what is outdated, keep what is still true, go live.
Only taking in and keeping are done one at a time: an editor does not wait for a long bake.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tamizdat.editions import crew, keeping, live, searching, settling, software, taking_in, targets
from tamizdat.editions.crew import Batch
from tamizdat.editions.keeping import Kept
from tamizdat.editions.models import Change, Edition, Outdated
from tamizdat.editions.tracing import Memory

AT_ONCE = 40  # pages that an editor waits for; the worker bakes the others
MANY = 2000  # changes at once that only the worker has the time to take in
TOGETHER = 1000  # pages of a long bake that are kept, and go live, together
EDITIONS = 8  # of a round at most: each writes anew what it says of most of the site
IN_A_ROUND = 100_000

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

    What nobody may read any more is taken away before all else; archives and feeds that
    told of it are among what is baked at once.
    """
    tally, memory = Tally(), Memory(now=now)
    told = Change.objects.filter(taken_in=None)
    if told[MANY:].exists():
        return Tally(left=told.count())
    since, hid = _take_in(memory, now=now)
    waiting = Outdated.objects.due(now=now) if hid else Outdated.objects.waited_for(now=now)
    due = list(waiting[:at_once])
    if due:
        batch = crew.bake_here([row.key for row in due], memory, since=since)
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
        _take_in(Memory(now=now), now=now)
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
        with transaction.atomic():
            # What was told so far is in what we are about to read.
            number = taking_in.next_number(now=now)
            Change.objects.filter(taken_in=None).update(taken_in=number)
            taking_in.outdate_everything(now=now, why=why)
            taking_in.outdate(list(targets.everything()), now=now, why=why)
    return catch_up(now=now, workers=workers, watch=watch)


def _take_in(memory: Memory, *, now: datetime) -> tuple[int, bool]:
    """Take in all that was told. The number up to which `memory` knows of everything, and whether
    some of it was that a page may not be read any more."""
    with live.site().tree.lock("bake"):
        software.notice()
        hid = _take_away_what_is_hidden(now=now)
        while taking_in.take_in(memory=memory, now=now) == taking_in.AT_ONCE:
            pass
        settling.settle(why="left by a bake that was broken off", now=now)
        return keeping.last_taking_in(), hid


def _take_away_what_is_hidden(*, now: datetime) -> bool:
    """An unpublishing may be a matter of safety: it goes before everything else."""
    told = Change.objects.filter(taken_in=None).order_by("pk").values_list("token", flat=True)
    if hidden := taking_in.hidden(told[: taking_in.AT_ONCE]):
        with transaction.atomic():
            hidden |= searching.forget(hidden, now=now)
            paths = keeping.withdraw(hidden, now=now)
        settling.settle(why="taken away", now=now, remove_first=paths)
    return bool(hidden)


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
            why=tally.unseen[0].why, now=now, page_count=pages, failed_count=failed
        )
    tally.edition = edition or tally.edition
    tally.unseen = []
