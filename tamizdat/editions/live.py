"""The one way by which readers get something else: from one edition to the next.

The new edition is written beside the tree, signed, and noted in a journal; then the tree is
brought to it. Killed at any point, the next call (or `recover`) goes on from the journal, so that
the tree is one whole edition whenever nobody works on it.
"""

import ctypes
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from mimetypes import MimeTypes
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from tamizdat.editions import redirecting, signing
from tamizdat.editions.manifest import Change, Entry, Manifest
from tamizdat.editions.models import Edition
from tamizdat.editions.objects import Objects
from tamizdat.editions.signing import POINTER, Pointer
from tamizdat.editions.tree import OURS, OutsideTheTree, Tree

COMPRESSIBLE = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".webmanifest", ".xml"}
ASSETS, FEEDS = ("assets/", "documents/", "media/"), (".json", ".txt", ".xml")
JOURNAL, CURRENT, UNPOLISHED = "journal.json", "edition.json", "unpolished"

Notes = dict[str, str | int]

_types = MimeTypes()  # Python's own list: the machine's would make another edition elsewhere
for _suffix, _type in {
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}.items():
    _types.add_type(_type, _suffix)


@dataclass(frozen=True)
class Live:
    """A live tree with what stands beside it."""

    tree: Tree
    objects: Objects = field(init=False)
    manifest: Manifest = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "objects", Objects(self.tree.beside("objects")))
        object.__setattr__(self, "manifest", Manifest(self.objects))

    def pointer(self) -> Pointer | None:
        """The edition that the tree is, once the journal is done."""
        last = self.last()
        return last if last and last.root else None

    def last(self) -> Pointer | None:
        """The same; without a root, if that edition was lost."""
        file = self.tree.beside(CURRENT)
        return Pointer.parse(file.read_bytes()) if file.exists() else None

    def root(self) -> str | None:
        pointer = self.pointer()
        return pointer.root if pointer else None


@cache
def _live(root: Path) -> Live:
    return Live(Tree(root))


def site() -> Live:
    return _live(Path(settings.SITE_ROOT))


def store(path: str, content: bytes, *, best: bool = False) -> Entry:
    """Keep what is to stand at `path`; the entry to go live with. Callable in any process."""
    compress = os.path.splitext(path)[1] in COMPRESSIBLE
    name = site().objects.put(content, compress=compress, best=best)
    return Entry.file(name, size=len(content), content_type=content_type(path))


def store_file(path: str, source: Path) -> Entry:
    """The same for a picture or a document that is a file already."""
    name = site().objects.add_file(source)
    return Entry.file(name, size=source.stat().st_size, content_type=content_type(path))


def content_type(path: str) -> str:
    kind = _types.guess_type(f"x{os.path.splitext(path)[1]}")[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return f"{kind}; charset=utf-8" if is_text else kind


def go_live(
    changes: Mapping[str, Entry | None],
    *,
    why: str,
    now: datetime,
    baked_count: int = 0,
    failed_count: int = 0,
    remove_first: Collection[str] = (),
) -> Edition:
    """Make the next edition of these changes and bring the tree to it; None takes a path away.

    A path is that of a file in the tree. A redirect or what is gone has the path that its file
    had or would have; an address that is no file (`/?p=12`) begins with a slash. What
    `remove_first` names is an edition of its own, before the rest. Raises OutsideTheTree before
    anything is done.
    """
    live = site()
    complete = {path: _completed(path, entry) for path, entry in changes.items()}
    notes: Notes = {"why": why[:200], "baked_count": baked_count, "failed_count": failed_count}
    with live.tree.lock("edition"):
        _replay(live)
        if first := _of_those_there(live, remove_first, complete):
            _advance(live, first, now=now, notes=notes | {"baked_count": 0, "failed_count": 0})
        return _advance(live, complete, now=now, notes=notes)


def recover() -> None:
    """Finish what a crash left. Safe at any time."""
    live = site()
    with live.tree.lock("edition"):
        _replay(live)


def look(entries: Iterable[Entry]) -> None:
    """Raises FileNotFoundError if the disk lost the tree, its edition, or one of these files."""
    live = site()
    if live.tree.beside(JOURNAL).exists():
        recover()
    if root := live.root():
        os.stat(live.tree.locate(POINTER))
        os.stat(live.tree.beside(redirecting.MAP))
        os.stat(live.objects.file(root))
    elif Edition.objects.exists():
        os.stat(live.tree.beside(CURRENT))
    for entry in entries:
        if entry.hash:
            os.stat(live.objects.file(entry.hash))


def is_whole() -> bool:
    """Whether nothing was lost of what the tree is and is made of. Looks at all of it."""
    live = site()
    try:
        look([])
    except FileNotFoundError:
        return False
    return live.manifest.is_whole(live.root(), {})


def forget() -> None:
    """Let go of a lost edition: the next one starts from nothing, and has the next number."""
    live = site()
    with live.tree.lock("edition"):
        for name in (JOURNAL, redirecting.MAP):
            live.tree.beside(name).unlink(missing_ok=True)
        last = live.last() or Pointer(0, "", "", "", "", 0, 0)
        live.tree.put_beside(CURRENT, replace(last, root="").as_bytes())


def polish(limit: int) -> int:
    """Compress what was stored fast as well as can be, at most `limit` files; how many."""
    live, count = site(), 0
    for _ in range(limit):
        with live.tree.lock("edition"):
            name, path = _next_unpolished(live.tree)
        if not name:
            break
        if live.objects.polish(name):
            count += 1
        with live.tree.lock("edition"):
            entry = live.manifest.get(live.root(), path)
            if entry and entry.hash == name:
                live.tree.place_companions(path, live.objects.file(name))
    return count


def renew(*, now: datetime) -> None:
    """Sign the same edition again, for another while."""
    live = site()
    with live.tree.lock("edition"):
        _replay(live)
        if pointer := live.pointer():
            expires = signing.stamp(now + signing.FRESH_FOR)
            _publish(live, replace(pointer, issued=signing.stamp(now), expires=expires))


def _completed(path: str, entry: Entry | None) -> Entry | None:
    """A redirect gets its stub. Raises OutsideTheTree for a file that no tree can hold."""
    if entry is None or entry.status == 410:
        return entry
    if not Tree.can_hold(path) or path.startswith(OURS):
        if entry.hash:
            raise OutsideTheTree(path)
        return entry
    if not entry.location or not redirecting.has_stub(path):
        return entry
    page = store("stub.html", redirecting.stub(entry.location), best=True)
    return replace(page, status=entry.status, location=entry.location)


def _of_those_there(
    live: Live, paths: Iterable[str], changes: Mapping[str, Entry | None]
) -> dict[str, Entry | None]:
    root = live.root()
    return {path: changes.get(path) for path in paths if live.manifest.get(root, path)}


def _advance(
    live: Live,
    changes: Mapping[str, Entry | None],
    *,
    now: datetime,
    notes: Notes,
) -> Edition:
    before = live.last()
    newest = Edition.objects.aggregate(Max("number"))["number__max"] or 0
    previous = live.root()
    totals = live.manifest.totals(live.manifest.update(previous, changes))
    pointer = Pointer(
        sequence=max(before.sequence if before else 0, newest) + 1,
        issued=signing.stamp(now),
        expires=signing.stamp(now + signing.FRESH_FOR),
        root=totals.hash,
        previous=previous or "",
        files=totals.files,
        size=totals.size_bytes,
    )
    journal = {"pointer": asdict(pointer), "baked_at": now.isoformat(), **notes}
    draft = live.tree.beside(f"{JOURNAL}.draft")
    draft.write_bytes(signing.canonical(journal))
    _sync(live.tree.root)
    draft.replace(live.tree.beside(JOURNAL))
    edition = _replay(live)
    assert edition is not None  # noqa: S101 we wrote its journal
    return edition


def _replay(live: Live) -> Edition | None:
    """Bring the tree to the edition of the journal, if there is one."""
    file = live.tree.beside(JOURNAL)
    if not file.exists():
        return None
    journal = json.loads(file.read_bytes())
    pointer = Pointer(**journal.pop("pointer"))
    previous = pointer.previous or None
    changes = list(live.manifest.diff(previous, pointer.root))
    _bring_about(live, changes)
    if previous is None:
        _sweep(live, pointer.root)
    live.tree.tidy()
    for node in live.manifest.nodes(pointer.root, beyond=previous):
        live.tree.place(_place(node), live.objects.file(node))
    _retire(live, pointer)
    _publish(live, pointer)
    edition, _ = Edition.objects.get_or_create(
        number=pointer.sequence,
        defaults={
            **journal,
            "baked_at": datetime.fromisoformat(journal["baked_at"]),
            "root": pointer.root,
            "file_count": pointer.files,
            "size_bytes": pointer.size,
            "changed_count": len(changes),
        },
    )
    file.unlink()
    return edition


def _bring_about(live: Live, changes: list[Change]) -> None:
    """Files first, assets before the pages that need them; then the map; what is gone last."""
    here = {c.path: c.after.hash for c in changes if c.after and c.after.hash}
    for path in sorted(here, key=rank):
        live.tree.place(path, live.objects.file(here[path]))
    redirecting.update_map(live.tree, changes)
    for change in changes:
        if change.path not in here and change.before and change.before.hash:
            live.tree.remove(change.path)
    with live.tree.beside(UNPOLISHED).open("a") as file:
        file.writelines(f"{here[p]} {p}\n" for p in here if live.objects.is_fast(here[p]))


def rank(path: str) -> tuple[int, int, str]:
    if path.startswith(ASSETS):
        return 0, 0, path
    return (2 if path.endswith(FEEDS) else 1), -path.count("/"), path


def _sweep(live: Live, root: str) -> None:
    """A tree from before the first edition holds what no edition speaks of."""
    ours = {path for path, entry in live.manifest.entries(root) if entry.hash}
    for path in set(live.tree.paths()) - ours:
        live.tree.remove(path)
    clear_nodes(live, set(live.manifest.nodes(root)))


def clear_nodes(live: Live, wanted: Collection[str]) -> None:
    """Take every node out of the tree but these."""
    for file in Path(live.tree.locate(f"{OURS}objects")).glob("??/*"):
        if file.name not in wanted:
            live.tree.remove(file.relative_to(live.tree.root).as_posix())


def _retire(live: Live, pointer: Pointer) -> None:
    """Take away what is neither of this manifest nor of the one before: nothing signs it any more.

    A part may have moved within the trie, so what is new in another place is kept.
    """
    last, previous, nodes = live.last(), pointer.previous, live.manifest.nodes
    if not (last and last.previous and previous and last.root == previous):
        return
    try:
        gone = set(nodes(last.previous, beyond=previous))
        kept = {*nodes(previous, beyond=last.previous), *nodes(pointer.root, beyond=previous)}
    except FileNotFoundError:  # lost, or cleared away: `tamizdat edition verify` tells of the rest
        return
    for node in gone - kept:
        live.tree.remove(_place(node))


def _place(node: str) -> str:
    return f"{OURS}objects/{node[:2]}/{node}"


def _publish(live: Live, pointer: Pointer) -> None:
    for path, content in signing.keys_in_the_tree().items():
        if live.tree.read(path) != content:
            live.tree.write(path, content)
    live.tree.write(f"{POINTER}.minisig", signing.sign(pointer))
    live.tree.write(POINTER, pointer.as_bytes())
    live.tree.put_beside(CURRENT, pointer.as_bytes())


def _next_unpolished(tree: Tree) -> tuple[str, str]:
    """Take the last line of the list: what is newest is read most."""
    file = tree.beside(UNPOLISHED)
    if not file.exists():
        return "", ""
    with file.open("rb+") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - 8192))
        line = stream.read().splitlines(keepends=True)[-1:]
        stream.truncate(end - len(b"".join(line)))
    name, _, path = b"".join(line).decode().strip("\n").partition(" ")
    return name, path


def _sync(folder: Path) -> None:
    """Everything that was written to this disk is on it: once an edition, not once a file."""
    syncfs = getattr(ctypes.CDLL(None), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        syncfs(descriptor)
    finally:
        os.close(descriptor)
