"""Who bakes: this process, or several beside it when there is much to do."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import connections

from tamizdat.editions import keeping, targets
from tamizdat.editions.oven import Known, Loaf, Oven
from tamizdat.editions.tracing import Memory

MANY = 60  # pages below which it does not pay to start processes
CHUNK = 100  # pages that are read for at once


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
    """Bake them a chunk at a time, in `workers` processes (0: as many as there are cores)."""
    workers = workers or os.cpu_count() or 1
    size = max(min(CHUNK, len(keys) // (4 * workers)), 1)  # small enough that all have some
    chunks = [keys[start : start + size] for start in range(0, len(keys), size)]
    if workers == 1 or len(keys) < MANY:
        yield from map(partial(_bake_chunk, now=now), chunks)
        return
    connections.close_all()  # no two processes talk over one connection
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(partial(_bake_chunk, now=now), chunks)


def _bake_chunk(keys: Sequence[str], *, now: datetime) -> Batch:
    since = keeping.last_taking_in()
    return bake_here(keys, Memory(now=now), since=since)
