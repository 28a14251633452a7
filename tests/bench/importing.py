"""`make bench-import`: how fast exports come in and in how much memory, for docs/benchmarks.md.

EXPORTS="1000 10000 1GB" says which generated ones to measure; those in TAMIZDAT_INPUTS come too,
of WordPress and of Ghost. Each run is a process of its own with a newsroom of its own, without
pictures.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import archive, wxr
from tests.bench.table import table
from tests.inputs import INPUTS

ROOT = Path(__file__).parents[2]
EXPORTS = "1000 10000 1GB"


def main() -> None:
    from tests.bench import report  # it knows every part, this one included

    found: dict[str, Any] = {}
    sizes = os.environ.get("EXPORTS", EXPORTS)
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as name:
        folder = Path(name)
        for size in sizes.split():
            path = folder / f"generated-{size}.xml"
            gigabytes = re.fullmatch(r"(\d+)GB", size)
            number = int(gigabytes[1]) * 10**9 if gigabytes else int(size)
            wxr.write(path, **({"size_bytes": number} if gigabytes else {"posts": number}))
            found[path.stem] = _said(path.stem, measure(path, folder))
            path.unlink()
        for path in _real():
            shown = str(path.relative_to(INPUTS))
            found[shown] = _said(shown, measure(path, folder))
    report.keep("import", found, command=f'EXPORTS="{sizes}" make bench-import')


def _real() -> list[Path]:
    wordpress = [*(INPUTS / "genuine").glob("*.wordpress.xml"), *(INPUTS / "wxr").glob("*/*.xml")]
    ghost = [*(INPUTS / "genuine").glob("*.ghost.json"), *(INPUTS / "ghost").glob("*/*.json")]
    return sorted(wordpress) + sorted(ghost)


def _said(export: str, figures: dict[str, Any]) -> dict[str, Any]:
    sys.stderr.write(f"{export}: {json.dumps(figures, ensure_ascii=False)}\n")
    return figures


def measure(export: Path, folder: Path) -> dict[str, Any]:
    """A first and a second run of one export in a new newsroom."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name) / "home"
        archive.make(home)
        first, second = (_run(export, home) for _ in range(2))
    if "refused" in first:
        return first
    return first | {"second_run_rows": second["rows"], "second_run_seconds": second["seconds"]}


def _run(export: Path, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.importing", str(export)]
    done = subprocess.run(
        command, env=archive.environ(home), check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def import_here(export: Path) -> dict[str, Any]:
    """Import into the newsroom of this process and say what it took, the report included."""
    import django

    django.setup()
    import logging

    from django.utils import timezone

    from tamizdat.stories.importing import archive as site
    from tamizdat.stories.importing import report_page, wxr
    from tamizdat.stories.importing.export import ImportRefused
    from tamizdat.stories.importing.ghost import reading as ghost

    logging.disable(logging.INFO)
    read = ghost.read if export.suffix == ".json" else wxr.read
    began, cpu = time.monotonic(), time.process_time()
    try:
        report = site.bring_in(
            read(export),
            uploads=None,
            language="en",
            now=timezone.now(),
            watch=lambda things, _what: things,
        )
    except ImportRefused as refusal:
        return {"refused": str(refusal)}
    with tempfile.TemporaryDirectory() as folder:
        report.write(Path(folder) / "report.json")
        report_page.write(report, Path(folder) / "report.html")
    seconds = time.monotonic() - began
    posts = sum(report.outcomes("post").values())
    return {
        "posts": posts,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "posts_per_s": round(posts / seconds, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rows": report.counts["rows written"],
        "load": round(os.getloadavg()[0], 1),
    }


def section(found: dict[str, Any]) -> str:
    """The measurements as a part of docs/benchmarks.md."""
    refused = {export: each["refused"] for export, each in found.items() if "refused" in each}
    brought = {export: each for export, each in found.items() if export not in refused}
    columns = ("posts", "seconds", "posts_per_s", "peak_mib", "second_run_rows")
    rows = [[export, *(each[column] for column in columns)] for export, each in brought.items()]
    return "\n\n".join(
        [
            "## Importing",
            "Without pictures, reading the export and writing both reports included. The last "
            "column is what a second run of the same export wrote.",
            table(["export", "posts", "s", "posts/s", "peak MiB", "rows again"], rows),
            *(f"{export} is refused: {why}" for export, why in refused.items()),
        ]
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(import_here(Path(sys.argv[1]))))
    else:
        main()
