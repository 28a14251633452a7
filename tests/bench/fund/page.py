"""The money's part of docs/benchmarks.md."""

from typing import Any

from tests.bench.table import table

NAMES = {
    "sqlite": "tamizdat, SQLite",
    "postgresql": "tamizdat, PostgreSQL",
    "djstripe": "dj-stripe 2.11, the same PostgreSQL",
}
HOOKS = ["", "accepted/s", "÷ dj-stripe", "followed/s", "÷ dj-stripe"]
NOT_MS = ("entries", "filling_s", "adding_up_s")


def write(found: dict[str, Any]) -> str:
    parts = ["## Funding", _said(found), table(HOOKS, _hooks(found))]
    parts += [
        f"**Dues**: {found['pledges']:,} pledges due on one morning, PostgreSQL, the demo bank in "
        "a process of its own on the same cores. A due counts once its gift is taken and booked; "
        "the receipts are mailed afterwards.",
        table(["workers", "dues/s"], [[int(n), rate] for n, rate in found["dues_per_s"].items()]),
    ]
    entries = found["report_ms"]["sqlite"]["entries"]
    parts += [
        f"**Reports** over books of {entries:,} entries, the median of five.",
        table(["ms", "SQLite", "PostgreSQL"], _reports(found["report_ms"])),
    ]
    return "\n\n".join(parts)


def _said(found: dict[str, Any]) -> str:
    return (
        f"**Webhooks**: {found['events']:,} signed `payment_intent.succeeded`, 16 senders, one "
        "server process with 4 threads, a pretend Stripe that answers at once. An event is "
        "accepted when it was answered with 2xx and its row is committed; followed when the "
        "payment that it names was fetched and stored too. dj-stripe does both before it answers, "
        "for a PaymentIntent that is synchronised; here one worker, which begins after the last "
        "was sent, closes the payment and books it."
    )


def _hooks(found: dict[str, Any]) -> list[list[Any]]:
    kinds = found["webhooks_per_s"], found["webhooks_followed_per_s"]
    return [
        [name, *(cell for rates in kinds for cell in _beside(rates[key], rates["djstripe"]))]
        for key, name in NAMES.items()
    ]


def _beside(rate: float | None, peer: float | None) -> list[float | None]:
    return [rate, rate / peer if rate and peer else None]


def _reports(found: dict[str, Any]) -> list[list[Any]]:
    of = [found["sqlite"], found["postgresql"]]
    names = [name for name in of[0] if name not in NOT_MS]
    return [[name.replace("_", " "), *(each[name] for each in of)] for name in names]
