"""A morning on which so many pledges are due: workers, PostgreSQL, and the demo bank's own process.

What is counted are gifts that were taken and booked. Receipts are mailed afterwards, and not
counted.
"""

import sys
import time
from pathlib import Path

import psycopg

from tests.towns import Town, postgres_database

INSIDE = "tests.bench.fund.inside"
PAID = "SELECT count(*) FROM payments_attempt WHERE state = 'succeeded'"


def measure(folder: Path, cluster: str, *, pledges: int, workers: int) -> float:
    """Dues a second, from the start of the first worker's work until all are paid."""
    with postgres_database(cluster, "bench_dues") as url:
        town = Town(folder / f"dues-{workers}", database_url=url)
        try:
            town.init()
            town.module(INSIDE, "pledge", pledges)
            town.open_bank()
            return pledges / _run(town, pledges, workers)
        finally:
            town.close()


def _run(town: Town, pledges: int, workers: int) -> float:
    for n in range(workers):
        town.add(f"worker {n}", [sys.executable, "-m", INSIDE, "charge"])
        town.start(f"worker {n}")
    with psycopg.connect(town.database_url, autocommit=True) as database:
        begun_at = _once(database, more_than=0)
        return _once(database, more_than=pledges - 1) - begun_at


def _once(database: "psycopg.Connection[tuple[int]]", *, more_than: int) -> float:
    while True:
        row = database.execute(PAID).fetchone()
        if row and row[0] > more_than:
            return time.perf_counter()
        time.sleep(0.1)
