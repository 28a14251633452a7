"""What SQLite knows of its rows, by which it picks an index. PostgreSQL keeps such books itself."""

from datetime import datetime

from django.db import connection

_LOOK_AT = 400  # rows of an index; SQLite's own advice for a database of any size
_ALL_THAT_GREW = "0x10002"  # of tables; before SQLite 3.46, of those that were asked lately


def keep_up(*, now: datetime) -> None:  # noqa: ARG001 a chore is told the time
    """Count again where much has come. Some milliseconds, and none if nothing has.

    Of 100,000 stories, whether a slug is taken is then known in a thousandth of the time.
    https://www.sqlite.org/lang_analyze.html#recommended_usage_patterns
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={_LOOK_AT}")
            cursor.execute(f"PRAGMA optimize({_ALL_THAT_GREW})")
