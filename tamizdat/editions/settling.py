"""Bringing the tree to what is claimed: from the database to the disk, whatever breaks between."""

import logging
from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from tamizdat.editions import claiming, live, rows, taking_in, targets
from tamizdat.editions.manifest import Entry, Root
from tamizdat.editions.models import Baked, Change, Claim, Edition, StalePath
from tamizdat.editions.tree import Tree

logger = logging.getLogger(__name__)
HELD = "held"  # beside the tree: the last change that was told when it was put on hold


def settle(
    *,
    why: str,
    now: datetime,
    baked_count: int = 0,
    failed_count: int = 0,
    remove_first: Collection[str] = (),
) -> Edition | None:
    """Make an edition of every path that is stale; None if none is. Inside the baker's lock.

    None too while the tree is on hold; what ends that brings all of it to what is claimed. What
    the disk has lost is found missing here, and mended first.
    """
    advance = partial(
        _advance,
        why=why,
        now=now,
        baked_count=baked_count,
        failed_count=failed_count,
        remove_first=remove_first,
    )
    try:
        return advance()
    except FileNotFoundError as error:
        logger.warning("%s was lost from the disk; what can be saved is", error.filename)
        for path in filter(Tree.can_hold, remove_first):  # mending takes its time, a danger none
            live.site().tree.remove(path)
        mend(now=now)
        return advance()


def mend(*, now: datetime) -> None:
    """Find what the disk has lost, and what an edition is not: after a roll back, say.

    A file that still stands in the tree goes back into the store; what neither has is claimed no
    more, and is to be baked. An edition that was lost in part counts as none. Inside the baker's
    lock; repeating it is harmless.
    """
    lost = _lost_paths()
    whole = live.is_whole()
    with transaction.atomic():
        _disown(lost, now=now)
        _doubt_the_tree(live.site().root() if whole else None)
        _forget_old_editions()
    if not whole:
        live.forget()
    _held().unlink(missing_ok=True)


def hold() -> None:
    """Let the tree be, whatever the worker bakes, until the desk has something new for it.

    Inside the baker's lock.
    """
    last = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    live.site().tree.put_beside(HELD, str(last).encode())


def let_go() -> None:
    """End a hold: the next to settle brings all of the tree to what is claimed."""
    with live.site().tree.lock("bake"):
        if _held().exists():
            _doubt_the_tree(live.site().root())
            _held().unlink()


def _held() -> Path:
    return live.site().tree.beside(HELD)


def _advance(*, why: str, **about: Any) -> Edition | None:
    held = _held().exists()
    if held and not _has_news():
        return None
    if held:
        _doubt_the_tree(live.site().root())
        why = f"{why}; this ends the roll back"
    paths = list(StalePath.objects.order_by("path").values_list("path", flat=True))
    wanted = claiming.standing(paths)
    live.look(wanted.values())
    if not paths:
        return None
    edition = live.go_live({path: wanted.get(path) for path in paths}, why=why, **about)
    rows.delete(StalePath, "path", paths)
    if held:
        _held().unlink()
    return edition


def _has_news() -> bool:
    """Whether the desk told of anything since the hold began; the clock alone ends none."""
    told = Change.objects.filter(pk__gt=int(_held().read_text()))
    news = told.exclude(token__startswith="fact:")  # noqa: S106 a doubt of ours is none
    return news.exists() and StalePath.objects.exists()


def _lost_paths() -> set[str]:
    here = live.site()
    claims = Claim.objects.exclude(hash="").values_list("path", "hash")
    return {
        path
        for path, name in claims.iterator()
        if not here.objects.has(name) and not here.objects.take_back(name, here.tree.locate(path))
    }


def _disown(paths: Collection[str], *, now: datetime) -> None:
    owners = {number for (number,) in rows.get(Claim, "path", paths, "target_id")}
    rows.delete(Claim, "path", paths)
    keys = [targets.key_of(key) for (key,) in rows.get(Baked, "id", owners, "key")]
    taking_in.outdate(keys, now=now, why="a file of it was lost")


def _doubt_the_tree(root: Root) -> None:
    """Mark every path where this edition and the claims do not agree."""
    found = dict(live.site().manifest.entries(root))
    claimed = claiming.standing(Claim.objects.values_list("path", flat=True).distinct())
    stale = [path for path in found.keys() | claimed.keys() if not _agree(found, claimed, path)]
    rows.insert(StalePath, ("path",), [(path,) for path in stale])


def _forget_old_editions() -> None:
    """Nobody can go back to what was lost."""
    known, seen = Edition.objects.exclude(root=""), dict[str, bool]()
    is_whole = partial(live.site().manifest.is_whole, seen=seen)
    gone = [number for number, root in known.values_list("pk", "root") if not is_whole(root)]
    known.filter(pk__in=gone).update(root="")


def _agree(found: dict[str, Entry], claimed: dict[str, Entry], path: str) -> bool:
    one, other = found.get(path), claimed.get(path)
    if one is None or other is None:
        return one is other
    if other.status != 200:  # a redirect's stub is made when it goes live
        return (one.status, one.location) == (other.status, other.location)
    return one == other
