"""Web servers and workers are killed with -9 at random while payments go through them."""

import random
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.killing.readers import Crowd
from tests.patience import until
from tests.towns import WORK, Town

READERS = 4
IN_HAND = 100  # dues, of two workers: those of one that was killed wait for minutes
AUDIT = "tests.killing.audit"


@dataclass(frozen=True)
class Outcome:
    kills: int
    found: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        """Nothing lost, nothing double, and the books are the bank's own list."""
        lost = ("paid_twice", "only_theirs", "only_ours", "open", "not_paid", "pledges_due")
        found = self.found
        return (
            found["balanced"]
            and found["cash"] == found["owed"]
            and not any(found[name] for name in lost)
        )


def run(town: Town, *, payments: int, a_kill_each: int, seed: int) -> Outcome:
    """Half the payments are given by readers, half are due; `a_kill_each` so many of them."""
    town.init()
    dues = payments // 2
    town.module("tests.bench.fund.inside", "pledge", dues)
    town.open_bank()
    for name in town.names:
        town.start(name)
    crowd = Crowd(town, iter(range(payments - dues)))
    with ThreadPoolExecutor(READERS) as pool:
        giving = [pool.submit(crowd.give_all) for _ in range(READERS)]
        kills = _kill_while(town, lambda: _is_going_on(town, giving, payments),
                            each=a_kill_each, chance=random.Random(seed))  # fmt: skip
        for each in giving:
            each.result()
    for _ in range(2):  # the first may be the end of a round that began before
        _wait_for_a_round(town)
    for name in town.names:
        town.kill(name)
    return Outcome(kills, town.module(AUDIT))


def _kill_while(
    town: Town, is_going_on: Callable[[], bool], *, each: int, chance: random.Random
) -> int:
    kills, next_at = 0, each
    while is_going_on():
        if taken(town) >= next_at:
            name = chance.choice(town.names)
            town.kill(name)
            town.start(name)
            kills += 1
            next_at = taken(town) + chance.randint(1, 2 * each)
        threading.Event().wait(0.02)
    return kills


def _is_going_on(town: Town, giving: list[Future[None]], payments: int) -> bool:
    """Readers are, or dues that no killed worker had in hand."""
    for each in giving:
        if each.done():
            each.result()  # a reader who gave up ends it all
    return not all(each.done() for each in giving) or taken(town) < payments - IN_HAND


def _wait_for_a_round(town: Town) -> None:
    file = town.home / "work.heartbeat"
    before = file.stat().st_mtime_ns
    until(lambda: file.stat().st_mtime_ns != before or None, what="a worker's round",
          alive=lambda: town.is_alive(f"{WORK} 0"))  # fmt: skip


def taken(town: Town) -> int:
    """Payments that the bank has taken, by its own file."""
    with closing(sqlite3.connect(town.home / "demo-bank.sqlite3")) as db:
        sql = "SELECT count(*) FROM payments WHERE state = 'succeeded'"
        return int(db.execute(sql).fetchone()[0])
