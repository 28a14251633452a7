"""Measures the newsroom that TAMIZDAT_HOME names and prints what it found as JSON.

python -m tests.bench.newsroom (the number of generated stories in it, or the word genuine)
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from tests.bench import weight


def main(size: str) -> None:
    django.setup()
    logging.disable(logging.INFO)
    addresses = {} if size == "genuine" else thousand_words()
    found = {"addresses": addresses} | bakes()
    polish()
    json.dump(found | {"bytes": weight.of_kinds(settings.SITE_ROOT, addresses)}, sys.stdout)


def thousand_words() -> dict[str, str]:
    """Where in each language the story is that comes nearest to a thousand words."""
    from django.utils.html import strip_tags

    from tamizdat.stories.models import Story

    def words_off(story: Any) -> int:
        return abs(1000 - len(strip_tags(str(story.body)).split()))

    languages = [code for code, _ in settings.LANGUAGES]
    stories = {code: Story.objects.filter(locale__language_code=code)[:100] for code in languages}
    return {code: min(some, key=words_off).url for code, some in stories.items()}


def bakes() -> dict[str, Any]:
    """A bake of everything into an empty tree, and one after which nothing is different."""
    from django.utils import timezone

    from tamizdat.editions import baking

    found = {}
    for name in ("full", "again"):
        tally, seconds = timed(lambda: baking.bake(now=timezone.now()))
        found[name] = {
            "pages": tally.pages,
            "ms": 1000 * seconds / tally.pages,
            "changed": tally.files,
            "failed": tally.failed,
        }
    return found


def polish() -> None:
    """What the worker does after a bake, when nobody waits."""
    from tamizdat.editions import live

    while live.polish(1000):
        pass


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = act()
    return answer, time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1])
