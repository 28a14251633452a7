"""`make bench-flood`: forged counts of an experiment by the million, for docs/benchmarks.md.

In one process, on SQLite in a file. Time is simulated: so many posts a second.
"""

import os
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.table import table

POSTS = int(os.environ.get("POSTS", "1000000"))
A_SECOND = 2_000
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = b'{"words": {"b": {"met": 1, "view": 10, "close": 3, "click": 3}}}'


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup(set_prefix=False)
    from django.test.runner import DiscoverRunner
    from django.test.utils import setup_test_environment

    from tests.bench import report

    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        found = measure()
    finally:
        runner.teardown_databases(old)
    report.keep("flood", found, command=f"POSTS={POSTS} make bench-flood")


def measure() -> dict[str, Any]:
    from tamizdat.appeals.models import Tally
    from tamizdat.config import founding
    from tamizdat.payments.models import Bucket
    from tests.appeals.experiments import DAY, experiment, given, meet

    founding.found()
    found = experiment(begins=NOON - 9 * DAY)
    meet(found, on=NOON - DAY, a=40_000, b=40_000)
    given(found, "a", 120, at=NOON - DAY)
    given(found, "b", 240, at=NOON - DAY)
    before = sentence(found)
    _post(1_000, at=NOON - 5 * DAY)  # so that nothing is loaded or grown any more
    Tally.objects.filter(day=(NOON - 5 * DAY).date()).delete()
    size, memory, began = _size(), _memory(), time.process_time()
    _post(POSTS, at=NOON)
    seconds, log = time.process_time() - began, _log().stat().st_size
    flooded = Tally.objects.get(arm__name="b", day=NOON.date())
    return {
        "posts": POSTS,
        "a_second": A_SECOND,
        "microseconds": round(seconds / POSTS * 1_000_000),
        "memory_kib": _memory() - memory,
        "disk_kib": (_size() - size) // 1024,
        "log_kib": log // 1024,
        "rows": Tally.objects.filter(day=NOON.date()).count() + Bucket.objects.count(),
        "counted": flooded.met,
        "before": before,
        "after": sentence(found),
    }


def sentence(found: Any) -> str:
    from tamizdat.appeals import weighing

    said: str = weighing.report(found, now=NOON + timedelta(days=1)).verdict.sentence
    return said


def _post(count: int, *, at: datetime) -> None:
    from tamizdat.appeals import counting

    for n in range(count):
        counting.take_in(BODY, now=at + timedelta(seconds=n / A_SECOND))


def _memory() -> int:
    """The most that this process ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _size() -> int:
    """Of the database, once all that its log has is in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return _file().stat().st_size


def _log() -> Path:
    """What SQLite writes first, and then over and over again."""
    return _file().with_name(f"{_file().name}-wal")


def _file() -> Path:
    from django.db import connection

    return Path(str(connection.settings_dict["NAME"]))


def section(found: dict[str, Any]) -> str:
    """The measurements as a part of docs/benchmarks.md."""
    rows = [
        ["posts", found["posts"]],
        ["posts a second, by the simulated clock", found["a_second"]],
        ["readers counted of them", found["counted"]],
        ["microseconds a post, of one core", found["microseconds"]],
        ["more memory, KiB", found["memory_kib"]],
        ["more disk, KiB", found["disk_kib"]],
        ["SQLite's write-ahead log, KiB (it is turned at 40,000)", found["log_kib"]],
        ["rows that hold all of it", found["rows"]],
    ]
    return "\n\n".join(
        [
            "## Forged counts",
            "Somebody posts counts of one arm of an experiment that has a verdict already. Time "
            "is simulated; each post is read, limited and added as the server does.",
            table(["", "found"], rows),
            f"The verdict before: *{found['before']}* After: *{found['after']}*",
        ]
    )


if __name__ == "__main__":
    main()
