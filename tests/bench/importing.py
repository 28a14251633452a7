"""`make bench-import`: how fast exports come in, in how much memory; writes var/bench/import.json.

EXPORTS="1000 10000 1GB" says which generated ones to measure; those in TAMIZDAT_INPUTS come too.
Each run is a process of its own with a newsroom of its own, without pictures.
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

ROOT = Path(__file__).parents[2]
INPUTS = Path(os.environ.get("TAMIZDAT_INPUTS", ROOT.parent / "shared/inputs"))
FOUND = ROOT / "var/bench/import.json"
EXPORTS = "1000 10000 1GB"


def main() -> None:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as name:
        folder = Path(name)
        for size in os.environ.get("EXPORTS", EXPORTS).split():
            path = folder / f"generated-{size}.xml"
            gigabytes = re.fullmatch(r"(\d+)GB", size)
            number = int(gigabytes[1]) * 10**9 if gigabytes else int(size)
            wxr.write(path, **({"size_bytes": number} if gigabytes else {"posts": number}))
            _note(found, path.stem, measure(path, folder))
            path.unlink()
        real = [*(INPUTS / "genuine").glob("*.wordpress.xml"), *(INPUTS / "wxr").glob("*/*.xml")]
        for path in sorted(real):
            _note(found, str(path.relative_to(INPUTS)), measure(path, folder))


def _note(found: dict[str, Any], export: str, figures: dict[str, Any]) -> None:
    found[export] = figures
    sys.stdout.write(f"{export}: {json.dumps(figures, ensure_ascii=False)}\n")
    sys.stdout.flush()
    FOUND.parent.mkdir(parents=True, exist_ok=True)
    FOUND.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


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
    from tamizdat.stories.importing import report_page
    from tamizdat.stories.importing import wxr as reading
    from tamizdat.stories.importing.export import ImportRefused

    logging.disable(logging.INFO)
    began, cpu = time.monotonic(), time.process_time()
    try:
        report = site.bring_in(
            reading.read(export),
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


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(import_here(Path(sys.argv[1]))))
    else:
        main()
