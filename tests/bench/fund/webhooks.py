"""Webhooks accepted and durable: ours on both databases, dj-stripe's on the same PostgreSQL.

The same server with the same threads, the same event, as many senders, the same Stripe that
answers at once. An event is accepted when it was answered with 2xx and its row is committed; it is
followed when what it tells of was fetched and stored too: here by a worker, a payment that is
closed and in the books, there before the answer, a PaymentIntent that is synchronised.
"""

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tamizdat.config import processes
from tests.bench.fund import djstripe, events
from tests.ports import free_port
from tests.towns import Town, postgres_database

WARM_UP = 100
INSIDE = "tests.bench.fund.inside"


@dataclass(frozen=True)
class Rates:
    """Events a second."""

    accepted: float
    followed: float  # from the first that was sent to the last that was followed


def compare(folder: Path, cluster: str, *, count: int) -> dict[str, Rates | None]:
    """By name; None for dj-stripe where it cannot be had."""
    found: dict[str, Rates | None] = {"sqlite": _ours(folder / "sqlite", "", count)}
    with postgres_database(cluster, "bench_hooks") as url:
        found["postgresql"] = _ours(folder / "postgresql", url, count)
    with postgres_database(cluster, "bench_djstripe") as url:
        found["djstripe"] = _theirs(folder, url, count)
    return found


def _ours(home: Path, url: str, count: int) -> Rates:
    town = Town(home, database_url=url)
    town.init()
    town.module(INSIDE, "expect", WARM_UP + count)
    address = f"{town.addresses[0]}/hooks/stripe/"
    command = [*server(town), "tests.bench.fund.wsgi:application"]
    with stripe_at_once(town), serving(town, command):
        events.send(address, range(WARM_UP))
        town.module(INSIDE, "follow")
        sending = events.send(address, range(WARM_UP, WARM_UP + count))
        following = town.module(INSIDE, "follow")
        kept = town.module(INSIDE, "heard")
    assert kept == [WARM_UP + count] * 2, f"accepted {WARM_UP + count}, found {kept}"
    return Rates(count / sending, count / (sending + following))


def _theirs(folder: Path, url: str, count: int) -> Rates | None:
    python = djstripe.python(folder)
    if python is None:
        return None
    town = Town(folder, database_url=url)
    hook = str(uuid.uuid4())
    town.more = djstripe.environ(url)
    with stripe_at_once(town):
        town.run(python, "-m", "tests.bench.plain.djstripe.inside", "begin", hook, events.SECRET)
        command = [*server(town, python=python), "tests.bench.plain.djstripe.wsgi:application"]
        with serving(town, command):
            address = f"{town.addresses[0]}/webhook/{hook}/"
            events.send(address, range(WARM_UP))
            rate = count / events.send(address, range(WARM_UP, WARM_UP + count))
        kept = town.run(python, "-m", "tests.bench.plain.djstripe.inside", "heard").split()
    assert kept == [str(WARM_UP + count)] * 2, f"accepted {WARM_UP + count}, found {kept}"
    return Rates(rate, rate)


def server(town: Town, *, python: str = sys.executable) -> list[str]:
    """What `tamizdat serve` starts, for another application."""
    port = int(town.addresses[0].rpartition(":")[2])
    return [python, *processes.server("127.0.0.1", port)[1:-1]]


@contextmanager
def stripe_at_once(town: Town) -> Iterator[None]:
    port = free_port()
    town.more = town.more | {"BENCH_STRIPE": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "tests.bench.fund.stripe_at_once", str(port)]
    with _process(town, "stripe", command, f"http://127.0.0.1:{port}"):
        yield


@contextmanager
def serving(town: Town, command: Sequence[str]) -> Iterator[None]:
    with _process(town, "web of the benchmark", command, town.addresses[0]):
        yield


@contextmanager
def _process(town: Town, name: str, command: Sequence[str], address: str) -> Iterator[None]:
    town.add(name, command)
    town.start(name)
    try:
        town.listens(address, name)
        yield
    finally:
        town.kill(name)
