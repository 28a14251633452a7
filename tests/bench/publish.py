"""`make bench-publish`: baking and publishing at several sizes, beside Hugo and wagtail-bakery.

Writes var/bench/publish.json after each part and prints it as a table. STORIES=1000,10000 chooses.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.bench import archive, bakery, engine, hugo, watching
from tests.bench.table import table

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var/bench"
FILE = FOLDER / "publish.json"
UV = ROOT / ".venv/bin/uv"
SIZES = "1000,10000,100000"
BAKERY_UP_TO = 1000  # stories; at 20 to 30 ms a page more would take hours and say the same
RUNS = 5
EDITS = {
    "typo": "a typo in an old story",
    "headline": "a headline of the newest",
    "new": "a new story",
    "author": "an author's new name",
    "unpublish": "an unpublish",
    "menu": "a section's new name in the menu",
}


def main() -> None:
    from tests.bench import report  # it knows every part, this one included

    found = measure()
    report.keep("publish", found, command=f"STORIES={','.join(found)} make bench-publish")


def measure() -> dict[str, Any]:
    """What was found by size, as it is in the file too.

    Nothing is removed until all is measured: ext4 does not use the inodes of what was removed in
    the last minutes, and looks for others at every file that is made.
    """
    found: dict[str, Any] = {}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="publish-", dir=FOLDER) as homes:
        for size in os.environ.get("STORIES", SIZES).split(","):
            sys.stderr.write(f"bench-publish: {int(size):,} stories\n")
            found[size] = {}
            for part in _of_size(Path(homes) / size, int(size)):
                found[size] |= part
                FILE.write_text(json.dumps(found, indent=1))
    return found


def _of_size(home: Path, stories: int) -> Iterator[dict[str, Any]]:
    """Part by part, what is ours first: at a large size each takes long, and is kept at once."""
    run = _run(stories)
    yield {"run": run}
    archive.make(home)
    fill = _tamizdat(home, "demo-archive", "--stories", stories)
    yield {"fill_s": fill.seconds, "fill_peak_mib": fill.peak_mib}
    full = _tamizdat(home, *engine.FULL)
    pages = int(_module(home, "tests.bench.engine").output.split()[-1])
    yield {
        "full_pages_per_s": pages / full.seconds,
        "full_pages": pages,
        "full_s": full.seconds,
        "peak_mib": full.peak_mib,
    }
    yield {"verify_s": _tamizdat(home, *engine.VERIFY).seconds}
    edits = json.loads(_module(home, "tests.bench.edits").output.splitlines()[-1])
    yield {
        "edit_ms": {name: each["ms"] for name, each in edits.items()},
        "pages": {name: each["pages"] for name, each in edits.items()},
        "queries": {name: each["queries"] for name, each in edits.items()},
        "edits": edits,
    }
    yield {"hugo": hugo.compare(home, uv=UV, runs=1 if stories > 20_000 else RUNS)}
    yield {"bakery": bakery.compare(home, uv=UV, runs=RUNS) if stories <= BAKERY_UP_TO else None}
    yield {"run": run | {"load_after": psutil.getloadavg()}}


def _run(stories: int) -> dict[str, Any]:
    return {
        "command": f"STORIES={stories} make bench-publish",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "load_before": psutil.getloadavg(),
    }


def _tamizdat(home: Path, *arguments: object) -> watching.Watched:
    return _module(home, "tamizdat.config.command", *arguments)


def _module(home: Path, name: str, *arguments: object) -> watching.Watched:
    command = [sys.executable, "-m", name, *arguments]
    return watching.run(command, env=archive.environ(home), cwd=ROOT)


def section(found: dict[str, Any]) -> str:
    """The measurements as a part of docs/benchmarks.md."""
    return "\n\n".join(
        [
            "## Publishing",
            _said(found),
            table(["stories", "pages", "s", "pages/s", "peak MiB", "verify, s"], _fulls(found)),
            "**An edit**, in milliseconds from pressing Publish in the desk until the files it is "
            "named for are new on the disk: the page itself and, for a headline or a new story, "
            "its section and the front; for the menu, the front and an old story. In brackets: "
            "files touched in all, queries, and ms until nothing was left to bake.",
            table(["stories", *EDITS.values()], [_edits(*size) for size in found.items()]),
            "**Beside others**, the same stories in the same run. Hugo has a plain theme of like "
            "pages with the styles of one of ours inside each; it makes no picture sizes and "
            "compresses nothing. wagtail-bakery reads the same database through plain templates, "
            "in one process, and rebuilds the one page only.",
            table(["stories", "peer", "pages/s", "ours ÷ theirs", *AFTER], _peers(found)),
        ]
    )


AFTER = ["peak MiB", "one edit, ms", "theirs ÷ our typo"]


def _said(found: dict[str, Any]) -> str:
    runs = [each["run"] for each in found.values()]
    loads = ", ".join(f"{run['load_before'][0]:.1f}–{run['load_after'][0]:.1f}" for run in runs)
    first = runs[0]
    return (
        f"`make bench-publish` with STORIES={','.join(found)} on {first['at']}; {first['cores']} "
        f"cores, {first['memory_gib']} GiB, Python {first['python']}; load {loads}. Archives are "
        "generated (`tamizdat demo --stories N`), half English, half Russian. Edits are medians "
        "of five after one to warm up, fewer where one took minutes (see `runs` in "
        "`var/bench/publish.json`)."
    )


def _fulls(found: dict[str, Any]) -> list[list[Any]]:
    keys = ("full_pages", "full_s", "full_pages_per_s", "peak_mib", "verify_s")
    return [[int(size), *(each[key] for key in keys)] for size, each in found.items()]


def _edits(size: str, each: dict[str, Any]) -> list[Any]:
    return [int(size)] + [
        f"{edit['ms']:,.0f} ({edit['pages']:,.0f}, {edit['queries']:,.0f}, "
        f"{edit['everywhere_ms']:,.0f})"
        for edit in each["edits"].values()
    ]


def _peers(found: dict[str, Any]) -> list[list[Any]]:
    rows = []
    for size, each in found.items():
        typo, ours = each["edit_ms"]["typo"], each["full_pages_per_s"]
        for name in ("hugo", "bakery"):
            if peer := each[name]:
                per_s, edit = peer["full_pages_per_s"], peer["one_edit_ms"]
                rows.append(
                    [int(size), name, per_s, ours / per_s, peer["peak_mib"], edit, edit / typo]
                )
    return rows


if __name__ == "__main__":
    main()
