"""What the measurements need to know of how this release bakes. The only place that knows it."""

import re
import subprocess
import sys
from pathlib import Path

from tests.bench.archive import environ


def commands(home: Path) -> dict[str, list[str] | None]:
    """`tamizdat bake` of everything, and one that verifies; None where this release has none."""
    command = [sys.executable, "-m", "tamizdat.config.command", "bake", "--help"]
    told = subprocess.run(command, env=environ(home), capture_output=True, text=True, check=True)
    known = set(re.findall(r"--[a-z]+", told.stdout))
    return {
        "full": ["bake", *({"--all"} & known)],
        "verify": ["bake", "--verify"] if "--verify" in known else None,
    }


def catch_up() -> None:
    """What the worker does after an edit: bake whatever is not live yet."""
    from django.utils import timezone

    from tamizdat.editions import baking

    baking.catch_up(now=timezone.now())


def pages() -> int:
    """How many pages the last full bake baked."""
    import django

    django.setup()
    from tamizdat.editions.models import Edition

    return int(Edition.objects.latest().page_count)


if __name__ == "__main__":  # in the newsroom that TAMIZDAT_HOME names
    print(pages())
