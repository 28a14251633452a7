"""Editions as an operator meets them: going back, looking for damage, clearing away."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Min, Q

from tamizdat.editions import claiming, live, settling, signing
from tamizdat.editions.live import Live
from tamizdat.editions.manifest import Change
from tamizdat.editions.models import Edition, Withdrawn
from tamizdat.editions.objects import COMPANIONS
from tamizdat.editions.tree import WORKSHOP
from tamizdat.lib import verifying
from tamizdat.lib.verifying import Folder, PublicKey, Report

KEEP_EDITIONS = 20
KEEP_FOR = timedelta(days=30)  # a page that a reader kept open still finds its pictures
RENEW_BEFORE = timedelta(hours=24)
# Something stored lately may be about to go live in another process.
SPARE_FOR = timedelta(days=1)
FILES = ("documents/", "media/")
DRAWN = "media/k/"  # cards, made of the words of a page that is named itself


class NoSuchEdition(Exception):
    """The message says what is there instead."""


class WouldBringBack(Exception):
    """What was taken away since would be public again."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths
        super().__init__(f"Taken away since: {', '.join(paths)}")


@dataclass
class Mended:
    restored: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # to be baked again


def edition(number: int) -> Edition:
    """An edition whose content is still here. Raises NoSuchEdition."""
    found = Edition.objects.filter(number=number).first()
    if found is None:
        raise NoSuchEdition(f"There is no edition {number}. `tamizdat edition list` shows all.")
    if not found.root:
        raise NoSuchEdition(f"Edition {number} was cleared away: only its number is known.")
    if not live.site().manifest.is_whole(found.root, {}):
        raise NoSuchEdition(f"A part of edition {number} was lost from the disk.")
    return found


def differences(older: Edition, newer: Edition) -> Iterator[Change]:
    return live.site().manifest.diff(older.root, newer.root)


def roll_back(number: int, *, now: datetime, bring_back: bool = False) -> Edition:
    """Make a new edition of what an older one was; it stays until the desk has something new.

    Raises NoSuchEdition, and WouldBringBack unless the pages it names may be public again.
    """
    wanted, here = edition(number), live.site()
    with here.tree.lock("bake"):
        live.recover()
        changes = list(here.manifest.diff(here.root(), wanted.root))
        if (paths := _taken_away(changes, since=number)) and not bring_back:
            raise WouldBringBack(paths)
        settling.hold()
        after = {change.path: change.after for change in changes}
        return live.go_live(after, why=f"back to edition {number}", now=now)


def renew_if_due(*, now: datetime) -> None:
    """Sign again in good time: readers take what has expired for withheld news."""
    pointer = live.site().pointer()
    if pointer and not pointer.is_fresh_for(RENEW_BEFORE, now=now):
        live.renew(now=now)


def examine(*, now: datetime) -> Report:
    """Compare the live tree with what we signed; again, if an edition came meanwhile."""
    live.recover()
    here, key = live.site(), PublicKey.read(signing.trusted_key())
    tree = Folder(here.tree.root, workshop=WORKSHOP, settle=live.recover)
    report = verifying.verify(tree, key, now=now)
    report.extra = [path for path in report.extra if not _is_ours(here, path)]
    return report


def repair(report: Report, *, now: datetime) -> Mended:
    """Put back what an examination found missing or altered; take away what is extra."""
    mended, here = Mended(), live.site()
    with here.tree.lock("edition"):
        # What came into an edition since we looked is no stranger.
        for path in [each for each in report.extra if not _is_ours(here, each)]:
            here.tree.remove(path)
            mended.removed.append(path)
        for path in dict.fromkeys([*report.missing, *report.altered]):
            _restore(here, path, mended)
    live.renew(now=now)
    return mended


def prune(*, now: datetime) -> int:
    """Clear away what no edition of the last 20, and none of the last 30 days, holds; how many."""
    live.recover()
    here = live.site()
    with here.tree.lock("edition"):
        newest = Edition.objects.values_list("pk", flat=True)[:KEEP_EDITIONS]
        kept = Q(pk__in=list(newest)) | Q(baked_at__gt=now - KEEP_FOR)
        Edition.objects.exclude(kept).update(root="")
        oldest = Edition.objects.filter(kept).aggregate(Min("number"))["number__min"] or 0
        Withdrawn.objects.filter(edition__lt=oldest).delete()
        roots = set(Edition.objects.exclude(root="").values_list("root", flat=True))
        roots |= {root for root in [here.root()] if root}
        nodes, contents = _reachable(here, roots)
        count = _clear_objects(here, nodes | contents, before=(now - SPARE_FOR).timestamp())
        if pointer := here.pointer():
            signed = {pointer.root, pointer.previous} & roots
            live.clear_nodes(here, _reachable(here, signed)[0])
    return count


def _taken_away(changes: Iterable[Change], *, since: int) -> list[str]:
    """What would come back by these and has no place on the site any more: pages, and after them
    documents and pictures, of each picture one file."""
    coming = [c.path for c in changes if c.after and c.after.hash and c.after.status == 200]
    pages = [path for path in coming if path.endswith(".html")]
    files = [path for path in coming if path.startswith(FILES) and not path.startswith(DRAWN)]
    there = claiming.standing([*pages, *files])
    withdrawn = claiming.withdrawn_since(since, pages)
    gone = [path for path in pages if path not in there or path in withdrawn]
    lost = {path.partition("-")[0]: path for path in sorted(files) if path not in there}
    return [*sorted(gone), *lost.values()]


def _is_ours(here: Live, path: str) -> bool:
    """Whether this is a file of the edition that the tree is, or stands compressed beside one."""
    names = [path, path[:-3]] if path.endswith(COMPANIONS) else [path]
    entries = [here.manifest.get(here.root(), name) for name in names]
    return any(entry and entry.hash for entry in entries)


def _restore(here: Live, path: str, mended: Mended) -> None:
    entry, base = here.manifest.get(here.root(), path), path
    if entry is None:  # a companion
        base = path[:-3]
        entry = here.manifest.get(here.root(), base)
    if entry is None or not entry.hash:
        return
    if here.objects.mend(entry.hash):
        here.tree.place(base, here.objects.file(entry.hash))
        mended.restored.append(path)
    else:
        mended.lost.append(base)


def _reachable(here: Live, roots: set[str]) -> tuple[set[str], set[str]]:
    """The names of all nodes and of all contents of these editions; what they share, once."""
    nodes: set[str] = set()
    contents: set[str] = set()
    waiting = list(roots)
    while waiting:
        if (name := waiting.pop()) in nodes:
            continue
        nodes.add(name)
        node = here.manifest.node(name)
        waiting += [branch.hash for branch in node.children.values()]
        contents |= {entry.hash for entry in node.entries.values() if entry.hash}
    return nodes, contents


def _clear_objects(here: Live, wanted: set[str], *, before: float) -> int:
    count = 0
    for file in list(here.objects.everything()):
        status = file.stat()
        is_old = max(status.st_atime, status.st_mtime) < before
        if is_old and file.name.partition(".")[0] not in wanted:
            os.unlink(file.path)
            count += 1
    here.objects.forget_lost_files()
    return count
