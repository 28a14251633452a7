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
        start_ns = time.time_ns()
        files = press()
        answered_ns, asked = time.time_ns(), queries.count
        live_at_once = _live(files)
        engine.catch_up()
        everywhere_ns = time.time_ns()
    live = _live(files) | live_at_once
    assert not files.keys() - live.keys(), f"not as edited: {files.keys() - live.keys()}"
    return {
        "ms": (max(live.values()) - start_ns) / 1e6,
        "answer_ms": (answered_ns - start_ns) / 1e6,
        "everywhere_ms": (everywhere_ns - start_ns) / 1e6,
        "answer_queries": asked,
        "queries": queries.count,
        "pages": new_files(Path(settings.SITE_ROOT), since_ns=start_ns)
        + sum(text is None for text in files.values()),
    }


def _live(files: Files) -> dict[Path, int]:
    """Of those that are as they should be, since when, in nanoseconds."""
    found = {}
    for path, text in files.items():
        if text is None and not path.exists():
            found[path] = time.time_ns()
        elif text is not None and path.exists() and text in path.read_text():
            # Not when it was written but when it was put in its place.
            found[path] = path.stat().st_ctime_ns
    return found


class _Counter:
    count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


if __name__ == "__main__":
    main()
