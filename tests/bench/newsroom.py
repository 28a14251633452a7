"""Measures the newsroom that TAMIZDAT_HOME names and prints what it found as JSON.

python -m tests.bench.newsroom (the number of stories to make, or the word genuine)
"""

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from tests.bench import weight

RUNS = 5


def main(size: str) -> None:
    django.setup()
    logging.disable(logging.INFO)
    addresses = {}
    if size != "genuine":
        from tests.bench import stories  # its models need Django to be set up

        addresses = stories.fill(int(size))
    found = {"addresses": addresses} | bakes()
    # Before a headline changes, and the words under it.
    found["bytes"] = weight.of_kinds(settings.SITE_ROOT, addresses)
    json.dump(found | {"publish": publishes()}, sys.stdout)


def bakes() -> dict[str, Any]:
    """A bake of everything into an empty tree, and one after which nothing is different."""
    from django.utils import timezone

    from tamizdat.editions import baking

    found = {}
    for name in ("full", "again"):
        edition, seconds = timed(lambda: baking.bake(why="a measurement", now=timezone.now()))
        found[name] = {
            "pages": edition.page_count,
            "ms": 1000 * seconds / edition.page_count,
            "changed": edition.changed_count,
            "failed": edition.failed_count,
        }
    return found


def publishes() -> dict[str, float]:
    """Medians, in milliseconds, of what an editor and then a reader wait for."""
    from django.utils import timezone

    from tamizdat.editions import baking
    from tests.bench.desk import Desk

    desk = Desk()
    rounds = [desk.publish(f"Headline {number}") for number in range(RUNS + 1)][1:]
    found = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    _edition, seconds = timed(lambda: baking.catch_up(now=timezone.now()))
    return found | {"worker": 1000 * seconds}


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = act()
    return answer, time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1])
