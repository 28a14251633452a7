"""Bringing the tree to what is claimed: from the database to the disk, whatever breaks between."""

from collections.abc import Collection
from datetime import datetime

from tamizdat.editions import claiming, live, rows
from tamizdat.editions.manifest import Entry
from tamizdat.editions.models import Claim, Edition, StalePath


def settle(
    *,
    why: str,
    now: datetime,
    page_count: int = 0,
    failed_count: int = 0,
    remove_first: Collection[str] = (),
) -> Edition | None:
    """Make an edition of every path that is stale; None if none is. Inside the baker's lock."""
    paths = list(StalePath.objects.order_by("path").values_list("path", flat=True))
    if not paths:
        return None
    wanted = claiming.standing(paths)
    edition = live.go_live(
        {path: wanted.get(path) for path in paths},
        why=why,
        now=now,
        page_count=page_count,
        failed_count=failed_count,
        remove_first=remove_first,
    )
    rows.delete(StalePath, "path", paths)
    return edition


def doubt_the_tree() -> None:
    """Mark every path where the edition and the claims do not agree: after a roll back, say."""
    here = live.site()
    found = dict(here.manifest.entries(here.root()))
    claimed = claiming.standing(Claim.objects.values_list("path", flat=True).distinct())
    stale = [path for path in found.keys() | claimed.keys() if not _agree(found, claimed, path)]
    rows.insert(StalePath, ("path",), [(path,) for path in stale])


def _agree(found: dict[str, Entry], claimed: dict[str, Entry], path: str) -> bool:
    one, other = found.get(path), claimed.get(path)
    if one is None or other is None:
        return one is other
    if other.status != 200:  # a redirect's stub is made when it goes live
        return (one.status, one.location) == (other.status, other.location)
    return one == other
