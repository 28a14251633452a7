"""Taking in what browsers tell of experiments: bounded, and of nobody.

Anyone may post anything here. So one post adds a few at most, all posts together a few thousand a
minute for each experiment. What is above marks the day as flooded; nothing more of it is counted,
because nothing of it will be believed. What is stored are sums by arm and day, however much is
posted.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from tamizdat.appeals.models import Arm, Tally
from tamizdat.funding.days import day_of
from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit

MOST_BYTES = 2_048
MOST_TESTS = 8
# What a browser calls it, how it is kept, and how much of it one post can tell.
KINDS = {"met": ("met", 1), "view": ("views", 10), "close": ("closes", 3), "click": ("clicks", 3)}
FLOOD = Limit("counts of a test", burst=6_000, every=timedelta(milliseconds=20))
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,30}")

Told = dict[str, tuple[str, dict[str, int]]]  # test → arm, and what of it


def take_in(body: bytes, *, now: datetime) -> None:
    """Add what is told of experiments that are on; the rest is dropped without a word."""
    told = read(body)
    if not told:
        return
    flooded = Tally.objects.filter(
        arm__experiment=OuterRef("experiment"), day=day_of(now), is_flooded=True
    )
    running = Arm.objects.filter(experiment__is_on=True, experiment__key__in=told)
    for arm in running.filter(~Exists(flooded)).select_related("experiment"):
        name, counts = told[arm.experiment.key]
        if arm.name == name:
            _add(arm, counts, now=now)


def read(body: bytes) -> Told:
    """What a post tells, of each test one arm: a browser is in no more."""
    try:
        tests = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(tests, dict) or len(tests) > MOST_TESTS:
        return {}
    return {
        test: (arm, counts)
        for test, arms in tests.items()
        if isinstance(arms, dict) and len(arms) == 1
        for arm, what in arms.items()
        if _NAME.fullmatch(test) and _NAME.fullmatch(arm) and (counts := _counts(what))
    }


def _counts(what: object) -> dict[str, int]:
    if not isinstance(what, Mapping):
        return {}
    found = {}
    for name, (column, most) in KINDS.items():
        number = what.get(name, 0)
        if type(number) is int and number > 0:
            found[column] = min(number, most)
    return found


def _add(arm: Arm, counts: Mapping[str, int], *, now: datetime) -> None:
    day = day_of(now)
    if limiting.spend(FLOOD, arm.experiment.key, now=now):
        Tally.objects.add(arm, day, **counts)
    else:
        Tally.objects.flag(arm, day)
