"""docs/benchmarks.md, put together from what each part measured when it last ran.

A part keeps its figures in var/bench/NAME.json, how they came about in var/bench/about/NAME.json.
A part that has no figures on this machine keeps the section that the page has.
"""

import json
import platform
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.bench import (
    abuse,
    asking,
    figures,
    flood,
    importing,
    newsletter,
    page,
    publish,
    reading,
)
from tests.bench.fund import page as fund
from tests.killing import page as killing

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "var/bench"
PAGE = ROOT / "docs/benchmarks.md"
HEAD = (
    "# Benchmarks\n\nEach part says when, where and by which command it was measured. "
    "Compare ratios within a part, not machines.\n"
)
PARTS: dict[str, Callable[[Any], str]] = {  # in the order of the page
    "newsroom": page.write,
    "publish": publish.section,
    "page": reading.write,
    "import": importing.section,
    "abuse": abuse.section,
    "flood": flood.section,
    "ask": asking.write,
    "fund": fund.write,
    "figures": figures.section,
    "kill": killing.write,
    "mail": newsletter.section,
}
SECTION = re.compile(r"<!-- part (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def keep(name: str, figures: Any, *, command: str) -> None:
    """Keep what the part `name` found, and write the page anew."""
    about = {"at": f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC", "machine": machine()}
    _write(FIGURES / f"{name}.json", figures)
    _write(FIGURES / f"about/{name}.json", about | {"command": command})
    PAGE.write_text(assemble(PAGE.read_text()))
    sys.stdout.write(section(name))


def assemble(text: str) -> str:
    """The page: what was measured here, and of `text` the sections that were not."""
    sections = dict(SECTION.findall(text))
    sections |= {name: section(name) for name in PARTS if (FIGURES / f"{name}.json").exists()}
    ordered = [(name, sections[name]) for name in PARTS if name in sections]
    return HEAD + "".join(f"\n<!-- part {name} -->\n{body}<!-- end -->\n" for name, body in ordered)


def section(name: str) -> str:
    about = json.loads((FIGURES / f"about/{name}.json").read_text())
    said = f"*`{about['command']}`, {about['at']}; {about['machine']}.*\n\n"
    return said + PARTS[name](json.loads((FIGURES / f"{name}.json").read_text())).rstrip() + "\n"


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{each:.1f}" for each in psutil.getloadavg())
    python = platform.python_version()
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, Python {python}, load at the end {load}"


def _write(file: Path, figures: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
