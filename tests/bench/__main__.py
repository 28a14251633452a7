"""`make bench`: measure whole newsrooms in one run, for docs/benchmarks.md."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import archive, report, serving, weight
from tests.inputs import INPUTS

ROOT = Path(__file__).parents[2]
SIZES = ("100", "1000")
GENUINE = INPUTS / "genuine"
EXPORT = GENUINE / "opensuse-ovdinfo.wordpress.xml"


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
            "newsrooms": newsrooms,
            "serving": serving.compare(homes[largest], addresses["ru"]),
            "bytes": newsrooms[largest]["bytes"],
            "weights": {size: weight.of_pages(home / "site") for size, home in homes.items()},
            "heaviest": weight.heaviest(homes["genuine"] / "site") if "genuine" in homes else [],
        }
    report.keep("newsroom", found, command="make bench")


def measure(home: Path, size: str) -> dict[str, Any]:
    archive.make(home)
    if size != "genuine":
        archive.tamizdat("demo-archive", "--stories", size, home=home)
    else:
        uploads = ["--uploads", GENUINE / "uploads", "--language", "en"]
        archive.tamizdat("import-wordpress", EXPORT, *uploads, home=home)
    command = [sys.executable, "-m", "tests.bench.newsroom", size]
    done = subprocess.run(
        command, env=archive.environ(home), check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
