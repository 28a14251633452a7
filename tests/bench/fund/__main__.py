"""`make bench-fund`: what the money part bears.

EVENTS=, PLEDGES=, WORKERS= and ENTRIES= choose how much.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import report, reports
from tests.bench.fund import dues, webhooks
from tests.towns import postgres

EVENTS = int(os.environ.get("EVENTS", "5000"))
PLEDGES = int(os.environ.get("PLEDGES", "100000"))
ENTRIES = int(os.environ.get("ENTRIES", str(reports.ENTRIES)))
WORKERS = tuple(int(n) for n in os.environ.get("WORKERS", "1,4").split(","))
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as name, postgres() as cluster:
        folder = Path(name)
        hooks = webhooks.compare(folder, cluster, count=EVENTS)
        found: dict[str, Any] = {
            "events": EVENTS,
            "pledges": PLEDGES,
            "webhooks_per_s": {of: rates and rates.accepted for of, rates in hooks.items()},
            "webhooks_followed_per_s": {
                of: rates and rates.followed for of, rates in hooks.items()
            },
            "dues_per_s": {
                str(n): dues.measure(folder, cluster, pledges=PLEDGES, workers=n) for n in WORKERS
            },
            "report_ms": {name: reports.measure(name, entries=ENTRIES) for name in DATABASES},
        }
    how_much = f"EVENTS={EVENTS} PLEDGES={PLEDGES} ENTRIES={ENTRIES}"
    report.keep("fund", found, command=f"{how_much} make bench-fund")


if __name__ == "__main__":
    main()
