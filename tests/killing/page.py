"""What `make kill` says in docs/benchmarks.md."""

from typing import Any

from tests.bench.table import table

HEAD = ["database", "payments", "of readers", "of dues", "kills", "lost", "double", "cents apart"]


def write(found: dict[str, Any]) -> str:
    return "\n\n".join(
        [
            "## Killing",
            "Web servers and workers are killed with -9, one each 50 payments or so, while readers "
            "give and dues are charged: on SQLite one of each, on PostgreSQL two. The bank is a "
            "process of its own that nobody kills. At the end all are killed; a last worker comes "
            "by days later, and the books are held against the bank's own list.",
            table(HEAD, [_row(name, each) for name, each in found.items()]),
        ]
    )


def _row(name: str, each: dict[str, Any]) -> list[Any]:
    lost = each["only_theirs"] + each["only_ours"] + each["open"] + sum(each["not_paid"].values())
    apart = each["owed"] - each["cash"]
    payments, gifts = each["payments"], each["gifts"]
    return [name, payments, gifts, payments - gifts, each["kills"], lost, each["paid_twice"], apart]
