"""Who bakes: this process, or several beside it when there is much to do."""

import gc
import itertools
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from django.db import connections

from tamizdat.editions import keeping, targets
from tamizdat.editions.oven import Known, Loaf, Oven
from tamizdat.editions.tracing import Memory

MANY = 60  # pages below which it does not pay to start processes
CHUNK = 100  # pages that are read for at once
AHEAD = 20  # chunks for each worker that are baked or wait; while some are kept, others are baked
REMEMBERED = 30_000  # facts, above which a process lets go of what it has read

_passes = itertools.count()


class Batch(NamedTuple):
    """What one pass over the database made."""

    loaves: list[Loaf]
    facts: list[Known]
    since: int


def bake_here(
    keys: Sequence[str], memory: Memory, *, since: int, at_leisure: bool = False
) -> Batch:
    """Bake the targets with these keys in this process, which has read what is in `memory`."""
    wanted = [targets.key_of(key) for key in keys]
    targets.prime(wanted, memory)
    oven = Oven(memory, at_leisure=at_leisure)
    loaves = list(oven.bake(wanted))
    return Batch(loaves, oven.facts(), since)


def bake(keys: Sequence[str], *, now: datetime, workers: int = 0) -> Iterator[Batch]:
    """Bake them a chunk at a time, in `workers` processes (0: as many as there are cores).

    Raises BrokenProcessPool if one of them is lost, killed for want of memory for instance.
    """
    workers = workers or os.cpu_count() or 1
    size = max(min(CHUNK, len(keys) // (4 * workers)), 1)  # small enough that all have some
    chunks = [keys[start : start + size] for start in range(0, len(keys), size)]
    bake_chunk = partial(_bake_chunk, pass_number=next(_passes), now=now)
    if workers == 1 or len(keys) < MANY:
        yield from map(bake_chunk, chunks)
        _memory.cache_clear()  # it never outlives its pass
        return
    connections.close_all()  # no two processes talk over one connection
    fork = multiprocessing.get_context("fork")
    # What was there before a worker began is no garbage of its: it need not look at it.
    team = ProcessPoolExecutor(workers, mp_context=fork, initializer=gc.freeze)
    with _garbage_looked_for_seldom(), team as pool:
        ahead: set[Future[Batch]] = set()
        for chunk in chunks:
            ahead.add(pool.submit(bake_chunk, chunk))
            if len(ahead) == AHEAD * workers:
                done, ahead = wait(ahead, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        yield from (each.result() for each in as_completed(ahead))


@contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    """While this lasts, in this process and what it forks: nearly nothing of a bake is garbage
    that only a search would find, and searching took a tenth of it."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _bake_chunk(keys: Sequence[str], *, pass_number: int, now: datetime) -> Batch:
    since = keeping.last_taking_in()
    memory = _memory(pass_number, since, now)
    batch = bake_here(keys, memory, since=since)
    if len(memory.cells) > REMEMBERED:
        _memory.cache_clear()
    return batch


@lru_cache(maxsize=1)
def _memory(_pass_number: int, _since: int, now: datetime) -> Memory:
    """What this process has read in this pass, so long as nothing new was taken in."""
    return Memory(now=now)
