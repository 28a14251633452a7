"""`make bench`: measure everything in one run and write docs/benchmarks.md."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.bench import archive, page, publish, serving, weight

ROOT = Path(__file__).parents[2]
SIZES = ("100", "1000")
INPUTS = Path(os.environ.get("TAMIZDAT_INPUTS", ROOT.parent / "shared/inputs")) / "genuine"
EXPORT = INPUTS / "opensuse-ovdinfo.wordpress.xml"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as folder:
        homes = {size: Path(folder) / size for size in SIZES}
        newsrooms = {size: measure(home, size) for size, home in homes.items()}
        if EXPORT.exists():
            homes["genuine"] = Path(folder) / "genuine"
            newsrooms["genuine"] = measure(homes["genuine"], "genuine")
        largest = SIZES[-1]
        addresses = newsrooms[largest]["addresses"]
        found = {
            "at": datetime.now(UTC),
            "machine": machine(),
            "newsrooms": newsrooms,
            "serving": serving.compare(homes[largest], addresses["ru"]),
            "bytes": newsrooms[largest]["bytes"],
            "publishing": json.loads(publish.FILE.read_text()) if publish.FILE.exists() else None,
            "weights": {size: weight.of_pages(home / "site") for size, home in homes.items()},
            "heaviest": weight.heaviest(homes["genuine"] / "site") if "genuine" in homes else [],
        }
    text = page.write(found)
    (ROOT / "docs/benchmarks.md").write_text(text)
    sys.stdout.write(text)


def measure(home: Path, size: str) -> dict[str, Any]:
    archive.make(home)
    if size != "genuine":
        archive.tamizdat("demo-archive", "--stories", size, home=home)
    else:
        uploads = ["--uploads", INPUTS / "uploads", "--language", "en"]
        archive.tamizdat("import-wordpress", EXPORT, *uploads, home=home)
    command = [sys.executable, "-m", "tests.bench.newsroom", size]
    done = subprocess.run(
        command, env=archive.environ(home), check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{each:.1f}" for each in psutil.getloadavg())
    python = platform.python_version()
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, Python {python}, load at the end {load}"


if __name__ == "__main__":
    main()
