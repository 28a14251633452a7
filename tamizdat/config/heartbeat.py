"""When the worker of this machine last came round."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

STALE_AFTER = timedelta(minutes=15)  # a first bake of a large archive takes a while


def beat(*, now: datetime) -> None:
    file = _file()
    file.touch()
    os.utime(file, (now.timestamp(), now.timestamp()))


def last_beat() -> datetime | None:
    try:
        return datetime.fromtimestamp(_file().stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return None


def _file() -> Path:
    return Path(settings.HOME) / "work.heartbeat"
