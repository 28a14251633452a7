"""Edits the newsroom that TAMIZDAT_HOME names, as an editor would, and prints as JSON what it took.

python -m tests.bench.edits

`ms` is from pressing Publish until the last file that the edit is named for is new on the disk:
a typo's story; a headline's or a new story's own page, its section and the front; an author's
page and their newest story; an unpublished story's page gone; for the menu the front and an old
story. `everywhere_ms` is until the worker has nothing left to bake.
"""

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from tests.bench import engine
from tests.bench.watching import new_files

RUNS = 5
PATIENCE = 120  # seconds for all runs of one edit, not to wait for hours at a size that is slow

Files = dict[Path, str | None]  # what each must hold; None: be gone


def main() -> None:
    django.setup()
    logging.disable(logging.INFO)
    from tests.bench.editor import Editor  # its models need Django to be set up

    engine.catch_up()
    editor = Editor()
    found = {name: _medians(act) for name, act in editor.edits.items()}
    json.dump(found, sys.stdout)


def _medians(act: Callable[[int], Callable[[], Files]]) -> dict[str, float]:
    """Of what was measured after a first run to warm up, unless one took all our patience."""
    start, runs = time.perf_counter(), []
    while len(runs) <= RUNS and (not runs or time.perf_counter() - start < PATIENCE):
        runs.append(_measured(act(len(runs))))
    counted = runs[1:] or runs
    found = {key: statistics.median(run[key] for run in counted) for key in counted[0]}
    return found | {"runs": len(counted)}


def _measured(press: Callable[[], Files]) -> dict[str, float]:
    """Press Publish, have the worker do its part, and look at the files."""
    from django.db import connection

    queries = _Counter()
    with connection.execute_wrapper(queries):
        start, start_ns = time.perf_counter(), time.time_ns()
        files = press()
        answered = time.perf_counter() - start
        gone_at_once = not any(path.exists() for path, text in files.items() if text is None)
        asked = queries.count
        engine.catch_up()
        everywhere = time.perf_counter() - start
    live = [_live_at(path, text) - start_ns for path, text in files.items() if text is not None]
    gone = 1000 * (answered if gone_at_once else everywhere) if None in files.values() else 0
    return {
        "ms": max([gone, *(span / 1e6 for span in live)]),
        "answer_ms": 1000 * answered,
        "everywhere_ms": 1000 * everywhere,
        "answer_queries": asked,
        "queries": queries.count,
        "pages": new_files(Path(settings.SITE_ROOT), since_ns=start_ns)
        + sum(text is None for text in files.values()),
    }


def _live_at(path: Path, text: str) -> int:
    assert text in path.read_text(), f"{path} does not hold {text!r}"
    return path.stat().st_mtime_ns


class _Counter:
    count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


if __name__ == "__main__":
    main()
