"""`make kill`: 5,000 payments on each database, web servers and workers killed with -9 meanwhile.

PAYMENTS=, SEED= choose how many, and another order. Ends badly if a cent is not explained.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import report
from tests.killing import killing
from tests.towns import Town, postgres, postgres_database

PAYMENTS = int(os.environ.get("PAYMENTS", "5000"))
SEED = int(os.environ.get("SEED", "1"))
A_KILL_EACH = 50


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="tamizdat-kill-") as name, postgres() as cluster:
        folder = Path(name)
        found = {"sqlite": _run(Town(folder / "sqlite"))}
        with postgres_database(cluster, "killed") as url:
            town = Town(folder / "postgresql", database_url=url, webs=2, works=2)
            found["postgresql"] = _run(town)
    report.keep("kill", found, command=f"PAYMENTS={PAYMENTS} make kill")
    return 0 if all(each["is_whole"] for each in found.values()) else 1


def _run(town: Town) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        outcome = killing.run(town, payments=PAYMENTS, a_kill_each=A_KILL_EACH, seed=SEED)
    finally:
        town.close()
    seconds = time.perf_counter() - start
    facts = {"kills": outcome.kills, "is_whole": outcome.is_whole, "seconds": seconds}
    return facts | outcome.found


if __name__ == "__main__":
    sys.exit(main())
