"""`make bench-figures`: the desk's figures over a million gifts, on SQLite and on PostgreSQL.

python -m tests.bench.figures [sqlite|postgresql ENTRIES]; ENTRIES= chooses how many otherwise.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import archive
from tests.bench.reports import DAYS, ROOT, ROUNDS, ms, postgresql

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ATTEMPTS = """
INSERT INTO payments_attempt (charge_id, provider, number, idempotency_key, state, remote_id,
 keep_instrument, return_url, language, reason, is_hard, created_at, closed_at)
SELECT id, 'bench', 1, reference, 'succeeded', reference, {no}, '', '', '', {no}, created_at,
 created_at FROM payments_charge
"""


def main() -> None:
    from tests.bench import report

    found = {name: _measure(name) for name in DATABASES}
    report.keep("figures", found, command=f"ENTRIES={ENTRIES} make bench-figures")


def section(found: dict[str, dict[str, Any]]) -> str:
    """For docs/benchmarks.md."""
    entries = next(iter(found.values()))["entries"]
    rows = [
        f"| {DATABASES[name]} | {one['all_s']} s | {one['month_s']} s | {one['page_ms']} ms"
        f" | {one['file_ms']} ms |"
        for name, one in found.items()
    ]
    head = (
        f"## Figures\n\n{entries:,} gifts of {entries // 25:,} supporters in two years. Months "
        "that are over are counted once by the worker; the page reads the sums, in the median "
        "of five.\n\n| database | counting all months, once | counting one | the page | a file |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
    )
    return head + "\n".join(rows) + "\n"


def _measure(database: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.figures", database, str(ENTRIES)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _inside(database: str, entries: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tamizdat-figures-") as folder:
        home = Path(folder)
        os.environ.update(archive.environ(home))
        server = postgresql(home) if database == "postgresql" else None
        try:
            json.dump(_measured(home, entries), sys.stdout)
        finally:
            if server:
                server.cleanup()


def _measured(home: Path, entries: int) -> dict[str, Any]:
    from tamizdat.config import newsroom

    newsroom.write_folder(home / "newsroom", languages=["en"])
    os.environ["TAMIZDAT_HOME"] = str(home / "newsroom")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    from tamizdat.config import founding
    from tests.bench import filling

    founding.found()
    today = datetime.now(UTC).date()
    filling.fill(filling.Size(entries, first=today - timedelta(days=DAYS - 1)))
    no = "0" if connection.vendor == "sqlite" else "false"
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPTS.format(no=no))
        cursor.execute("ANALYZE")
    return {"entries": entries, **_times()}


def _times() -> dict[str, Any]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from tamizdat.figures import keeping, reading

    now = datetime.now(UTC)
    everything = ms(lambda: _count_all(now)) / 1000
    month = reading.months()[-2]
    one = ms(lambda: keeping.count(month, now=now)) / 1000
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("bench"))

    def get(path: str) -> None:
        answer = client.get(path, secure=True)
        assert answer.status_code == 200, answer.status_code

    return {
        "all_s": round(everything, 1),
        "month_s": round(one, 2),
        "page_ms": _median(lambda: get("/desk/figures/")),
        "file_ms": _median(lambda: get("/desk/figures/value.csv")),
    }


def _count_all(now: datetime) -> None:
    from tamizdat.figures import keeping

    while keeping.keep_up(now=now):
        pass


def _median(act: Any) -> float:
    act()
    return round(statistics.median(ms(act) for _ in range(ROUNDS)), 1)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _inside(sys.argv[1], int(sys.argv[2]))
    else:
        main()
