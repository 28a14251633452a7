"""`make bench-experiments`: the figures and the picture of docs/experiments.md, by simulation."""

import os
import re
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.experiments import agreeing, page
from tests.bench.experiments.simulating import World, find, forged, share_warned

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/experiments.md"
PICTURE = ROOT / "docs/pictures/experiments.svg"
MEASURED = re.compile(r"(<!-- measured -->\n).*(<!-- end -->)", re.DOTALL)
RUNS = int(os.environ.get("RUNS", "2000"))
SEED = 20261127
SAME = (
    World(),
    World(measure="gifts"),
    World(rate=0.001),
    World(rate=0.01, readers_a_day=2_000),
    World(rate=0.01, readers_a_day=100),
    World(readers_a_day=5_000, days=120),
    World(rate=0.01, arms=4),
)
MORE = (0.1, 0.2, 0.3, 0.5, 1.0)
FORGED = (0.0, 0.01, 0.02, 0.05, 0.1)
WIDE = World(readers_a_day=4_000, days=60)


def main() -> None:
    began = time.monotonic()
    how = {"runs": RUNS, "seed": SEED}
    same = [find(world, **how) for world in SAME]
    worlds = [replace(WIDE, more=more, measure=by) for by in ("money", "gifts") for more in MORE]
    other = [find(world, **how) for world in worlds]
    few = {"runs": max(20, RUNS // 10), "seed": SEED}
    warned = {part: share_warned(forged(World(), part=part), **few) for part in FORGED}
    about = (
        f"*`RUNS={RUNS} make bench-experiments`, {datetime.now(UTC):%d %B %Y}, "
        f"{time.monotonic() - began:.0f} s of one core, seed {SEED}.*"
    )
    parts = [about, page.of_same(same), page.of_other(other), page.of_forged(warned)]
    text = "\n\n".join([*parts, page.of_agreeing(agreeing.cases())]) + "\n"
    PAGE.write_text(MEASURED.sub(lambda match: match[1] + text + match[2], PAGE.read_text()))
    PICTURE.write_text(page.draw(same[0], other[: len(MORE)]))
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
