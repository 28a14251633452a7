"""`make bench-mail`: a newsletter to 20,000 addresses, on each database, workers killed meanwhile.

A real mail server on this machine takes it. ADDRESSES= chooses how many. Ends badly if anybody is
mailed twice, or more are left out than workers were killed.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.table import table
from tests.newsletters import crashing, mail_server
from tests.towns import Town, postgres, postgres_database

ADDRESSES = int(os.environ.get("ADDRESSES", "20000"))
HEAD = ["database", "addresses", "came", "twice", "left out", "kills", "mails a second"]


def main() -> int:
    from tests.bench import report  # it knows every part, this one included

    with tempfile.TemporaryDirectory(prefix="tamizdat-mail-") as name, postgres() as cluster:
        folder = Path(name)
        found = {"sqlite": _run(Town(folder / "sqlite", webs=0, works=2))}
        with postgres_database(cluster, "mailed") as url:
            town = Town(folder / "postgresql", database_url=url, webs=0, works=2)
            found["postgresql"] = _run(town)
    report.keep("mail", found, command="make bench-mail")
    return 0 if all(each["is_kept"] for each in found.values()) else 1


def _run(town: Town) -> dict[str, Any]:
    try:
        with mail_server.running() as server:
            server.keeps_contents = False
            each = max(ADDRESSES // 10, 1)
            outcome = crashing.run(town, server, addresses=ADDRESSES, a_kill_each=each)
    finally:
        town.close()
    return {
        "addresses": outcome.addresses,
        "came": outcome.came,
        "twice": outcome.came_twice,
        "kills": outcome.kills,
        "a_second": outcome.came_by_then / outcome.seconds,
        "is_kept": outcome.is_kept,
    }


def section(found: dict[str, Any]) -> str:
    return "\n\n".join(
        [
            "## Newsletters",
            "Two workers send an issue through a real mail server (aiosmtpd, on the same machine). "
            "After each tenth of the mails one of them is killed with -9 and begun "
            "again, in the end both; a last worker comes by when their claims have lapsed. "
            "Of a worker that is killed, the mail in its hand may be lost, and none is sent "
            "again. A worker rests between two rounds of 200 mails (`work.seconds`, here 1), "
            "because other chores wait.",
            table(HEAD, [_row(name, each) for name, each in found.items()]),
        ]
    )


def _row(name: str, each: dict[str, Any]) -> list[Any]:
    left_out = each["addresses"] - each["came"]
    a_second = round(each["a_second"])
    return [name, each["addresses"], each["came"], each["twice"], left_out, each["kills"], a_second]


if __name__ == "__main__":
    sys.exit(main())
