"""Who stands where: the paths that targets claim, and what readers should find at each."""

from collections.abc import Collection, Iterable, Mapping

from django.db import connection
from django.db.models import Max

from tamizdat.editions import rows, targets
from tamizdat.editions.manifest import Entry
from tamizdat.editions.models import Claim, Edition, StalePath, Withdrawn
from tamizdat.editions.oven import Wanted

NOBODY = 0  # the number under which an address that is gone is claimed: no target has it
ENTRY = ("hash", "size", "content_type", "status", "location")
_CLAIM = ("path", "target_id", "rank", *ENTRY)
# The first in the index for each path: thousands of stories may show, and claim, one picture.
_STANDING = f"""
    WITH wanted (path) AS (VALUES {{paths}})
    SELECT claim.path, {", ".join(f"claim.{name}" for name in ENTRY)}
    FROM wanted JOIN editions_claim claim ON claim.path = wanted.path
    AND (claim.rank, claim.target_id) = (
        SELECT rank, target_id FROM editions_claim WHERE path = wanted.path
        ORDER BY rank, target_id LIMIT 1
    )
"""  # noqa: S608 the names are ours


def replace(wishes: Mapping[int, Iterable[Wanted]]) -> set[str]:
    """Let each target claim what it wants now, and nothing else; the paths that change by it.

    They are stale until an edition puts them right. A page that nobody claims any more is gone.
    """
    was: dict[int, set[Wanted]] = {number: set() for number in wishes}
    for number, path, rank, *entry in rows.get(
        Claim, "target_id", wishes, "target_id", "path", "rank", *ENTRY
    ):
        was[number].add(Wanted(path, rank, Entry(*entry)))
    wants = {number: set(wanted) for number, wanted in wishes.items()}
    differing = [number for number in wants if wants[number] != was[number]]
    paths = {each.path for number in differing for each in wants[number] ^ was[number]}
    before = standing(paths)
    _note_withdrawn({(path, n) for n in differing for path in _pages(was[n]) - _pages(wants[n])})
    rows.delete(Claim, "target_id", differing)
    claims = [(w.path, n, w.rank, *_fields(w.entry)) for n in differing for w in wants[n]]
    rows.insert(Claim, _CLAIM, claims)
    after = standing(paths)
    after |= _mark_gone([path for path in before.keys() - after.keys() if path.endswith(".html")])
    stale = {path for path in paths if before.get(path) != after.get(path)}
    rows.insert(StalePath, ("path",), [(path,) for path in stale])
    return stale


def standing(paths: Iterable[str]) -> dict[str, Entry]:
    """What readers should find at each of these paths that is claimed."""
    found: dict[str, Entry] = {}
    with connection.cursor() as cursor:
        for some in rows.slices(list(paths)):
            cursor.execute(_STANDING.format(paths=", ".join(["(%s)"] * len(some))), some)
            found |= {path: Entry(*entry) for path, *entry in cursor.fetchall()}
    return found


def withdrawn_since(edition: int, paths: Collection[str]) -> set[str]:
    """Those of these paths where in this edition there may be a page that is nowhere any more."""
    found = rows.get(Withdrawn, "path", paths, "path", "target_id", "edition")
    left = {(path, target) for path, target, last in found if last >= edition}
    claims = rows.get(Claim, "target_id", {n for _, n in left}, "target_id", "path", "hash")
    there = {target for target, path, name in claims if name and path.endswith(".html")}
    return {path for path, target in left if target not in there}


def _pages(wanted: Iterable[Wanted]) -> set[str]:
    return {each.path for each in wanted if each.path.endswith(".html") and each.entry.hash}


def _note_withdrawn(pages: Collection[tuple[str, int]]) -> None:
    if pages:
        last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
        rows.insert(Withdrawn, ("path", "target_id", "edition"), [(*page, last) for page in pages])


def _mark_gone(paths: Collection[str]) -> dict[str, Entry]:
    gone = Entry.gone()
    rows.insert(Claim, _CLAIM, [(path, NOBODY, targets.GONE, *_fields(gone)) for path in paths])
    return dict.fromkeys(paths, gone)


def _fields(entry: Entry) -> tuple[str | int, ...]:
    return (entry.hash, entry.size, entry.content_type, entry.status, entry.location)
