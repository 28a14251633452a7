"""Making every page anew beside the tree: what differs was missed by its trace, and is a bug."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tamizdat.editions import baking, crew, rows, taking_in, targets
from tamizdat.editions.baking import Watcher, nobody
from tamizdat.editions.manifest import Entry
from tamizdat.editions.models import Baked, Claim, Verification
from tamizdat.editions.oven import Loaf, Wanted

logger = logging.getLogger(__name__)

NIGHT = range(2, 5)
ONCE_IN = timedelta(hours=20)


@dataclass(frozen=True)
class Missed:
    """A target whose files are not what they should be."""

    key: str
    paths: tuple[str, ...]


def verify_nightly(*, now: datetime) -> None:
    """Verify once a night, by the outlet's clock; for the worker."""
    night = timezone.localtime(now).hour in NIGHT
    if night and not Verification.objects.filter(at__gt=now - ONCE_IN).exists():
        for missed in verify(now=now):
            logger.error("%s was missed: %s", missed.key, ", ".join(missed.paths))


def verify(*, now: datetime, workers: int = 0, watch: Watcher = nobody) -> list[Missed]:
    """Bake everything beside the tree and compare. What differs is baked into it and told.

    What changes meanwhile is no difference: whatever seems missed is looked at a second time.
    """
    baking.catch_up(now=now, workers=workers)
    known = set(Baked.objects.values_list("key", flat=True))
    known |= {targets.text_of(key) for key in targets.everything()}
    doubted = _differing(sorted(known), now=now, workers=workers, watch=watch)
    baking.catch_up(now=now, workers=workers)
    missed = _differing([each.key for each in doubted], now=now, workers=1)
    keys = [targets.key_of(each.key) for each in missed]
    taking_in.outdate(keys, now=now, why="verifying found it different")
    taking_in.doubt(keys)
    baking.catch_up(now=now, workers=workers)
    Verification.objects.create(at=now, target_count=len(known), missed_count=len(missed))
    return missed


def _differing(
    keys: list[str], *, now: datetime, workers: int, watch: Watcher = nobody
) -> list[Missed]:
    found: list[Missed] = []
    done = 0
    for batch in crew.bake(keys, now=now, workers=workers):
        found.extend(_compare(batch.loaves))
        done += len(batch.loaves)
        watch(done, len(keys))
    return found


def _compare(loaves: list[Loaf]) -> Iterable[Missed]:
    claims: dict[int, set[Wanted]] = {loaf.number: set() for loaf in loaves}
    columns = ("target_id", "path", "rank", "hash", "size", "content_type", "status", "location")
    for number, path, rank, *entry in rows.get(Claim, "target_id", claims, *columns):
        claims[number].add(Wanted(path, rank, Entry(*entry)))
    for loaf in loaves:
        if not loaf.failed and (wrong := claims[loaf.number] ^ set(loaf.wanted)):
            yield Missed(loaf.text, tuple(sorted({each.path for each in wrong})))
