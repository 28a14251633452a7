"""What an edition says of every path: a Merkle trie over the SHA-256 of the path.

The trie is a function of the set of entries alone. A node is a leaf while it holds at most
`LEAF` entries; a larger one has a child for each next two bits. Four children, not sixteen: then
a leaf is never nearly empty, and an edit rewrites about six kilobytes at any size. Nodes are
canonical JSON in the object store, so that two editions share every node in which they agree.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple, Self

from tamizdat.editions.objects import Objects

LEAF = 64
Root = str | None  # the name of a node; None is the manifest of nothing
_TWO_BITS = str.maketrans({f"{digit:x}": f"{digit // 4}{digit % 4}" for digit in range(16)})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, an address that moved, or one that is gone for good.

    A redirect names a file too where a page can stand in for it on a server that has no map.
    """

    hash: str = ""
    size: int = 0
    content_type: str = ""
    status: int = 200
    location: str = ""

    @classmethod
    def file(cls, name: str, *, size: int, content_type: str) -> Self:
        return cls(hash=name, size=size, content_type=content_type)

    @classmethod
    def redirect(cls, status: int, location: str) -> Self:
        return cls(status=status, location=location)

    @classmethod
    def gone(cls) -> Self:
        return cls(status=410)

    def as_json(self) -> dict[str, Any]:
        """What has its usual value is left out."""
        value: dict[str, Any] = {}
        if self.hash:
            value |= {"hash": self.hash, "size": self.size, "type": self.content_type}
        if self.status != 200:
            value |= {"status": self.status, "to": self.location}
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            hash=value.get("hash", ""),
            size=value.get("size", 0),
            content_type=value.get("type", ""),
            status=value.get("status", 200),
            location=value.get("to", ""),
        )


class Change(NamedTuple):
    path: str
    before: Entry | None
    after: Entry | None


class Branch(NamedTuple):
    """A node and the sums of what is under it."""

    hash: str
    entries: int
    files: int
    size_bytes: int


class Node(NamedTuple):
    children: dict[str, Branch]
    entries: dict[str, Entry]


class _Item(NamedTuple):
    key: str
    path: str
    entry: Entry | None


class Manifest:
    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.node = lru_cache(maxsize=2048)(self._load)

    def update(self, root: Root, changes: Mapping[str, Entry | None]) -> str:
        """The root after these changes; None takes a path away."""
        items = sorted(_Item(_key(path), path, entry) for path, entry in changes.items())
        return self._update(root, items, depth=0).hash

    def get(self, root: Root, path: str) -> Entry | None:
        key = _key(path)
        node = self._read(root)
        for digit in key:
            if not node.children:
                break
            branch = node.children.get(digit)
            node = self._read(branch.hash if branch else None)
        return node.entries.get(path)

    def entries(self, root: Root) -> Iterator[tuple[str, Entry]]:
        node = self._read(root)
        yield from node.entries.items()
        for branch in node.children.values():
            yield from self.entries(branch.hash)

    def diff(self, before: Root, after: Root) -> Iterator[Change]:
        """What differs; equal parts are not looked at."""
        if before == after:
            return
        old, new = self._read(before), self._read(after)
        if old.children and new.children:
            for digit in sorted(old.children.keys() | new.children.keys()):
                yield from self.diff(_child(old, digit), _child(new, digit))
            return
        was, now = dict(self.entries(before)), dict(self.entries(after))
        for path in sorted(was.keys() | now.keys()):
            if was.get(path) != now.get(path):
                yield Change(path, was.get(path), now.get(path))

    def nodes(self, root: Root, *, beyond: Root = None) -> Iterator[str]:
        """The names of all nodes, but of those that `beyond` has in the same place."""
        if root is None or root == beyond:
            return
        yield root
        other = self._read(beyond)
        for digit, branch in self._read(root).children.items():
            yield from self.nodes(branch.hash, beyond=_child(other, digit))

    def is_whole(self, root: Root, seen: dict[str, bool]) -> bool:
        """Whether all its nodes and files are in the store; `seen` spares looking twice."""
        if root is None:
            return True
        if root not in seen:
            seen[root] = self.objects.has(root) and self._has_all(self.node(root), seen)
        return seen[root]

    def totals(self, root: Root) -> Branch:
        node = self._read(root)
        sums = _sums(node.children.values()) if node.children else _count(node.entries.values())
        return Branch(root or "", *sums)

    def _has_all(self, node: Node, seen: dict[str, bool]) -> bool:
        files = (entry.hash for entry in node.entries.values() if entry.hash)
        below = (self.is_whole(branch.hash, seen) for branch in node.children.values())
        return all(map(self.objects.has, files)) and all(below)

    def _update(self, root: Root, items: Sequence[_Item], *, depth: int) -> Branch:
        node = self._read(root)
        if not node.children:
            kept = {path: _Item(_key(path), path, entry) for path, entry in node.entries.items()}
            kept |= {item.path: item for item in items}
            return self._write(sorted(i for i in kept.values() if i.entry), depth=depth)
        children = dict(node.children)
        for digit, group in groupby(items, key=lambda item: item.key[depth]):
            children[digit] = self._update(_child(node, digit), list(group), depth=depth + 1)
        return self._join(children, depth=depth)

    def _write(self, items: Sequence[_Item], *, depth: int) -> Branch:
        if len(items) > LEAF:
            groups = groupby(items, key=lambda item: item.key[depth])
            return self._join(
                {digit: self._write(list(group), depth=depth + 1) for digit, group in groups},
                depth=depth,
            )
        entries = {item.path: item.entry for item in items if item.entry}
        value = {path: entry.as_json() for path, entry in entries.items()}
        return Branch(self._put({"entries": value}), *_count(entries.values()))

    def _join(self, children: Mapping[str, Branch], *, depth: int) -> Branch:
        """A node over these children, or a leaf when they have become few."""
        full = {digit: branch for digit, branch in children.items() if branch.entries}
        sums = _sums(full.values())
        if sums[0] > LEAF:
            return Branch(self._put({"children": full}), *sums)
        pairs = (pair for branch in full.values() for pair in self.entries(branch.hash))
        items = sorted(_Item(_key(path), path, entry) for path, entry in pairs)
        return self._write(items, depth=depth)

    def _put(self, value: object) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return self.objects.put(text.encode(), compress=False, best=False)

    def _read(self, name: Root) -> Node:
        return _NOTHING if name is None else self.node(name)

    def _load(self, name: str) -> Node:
        value = json.loads(self.objects.read(name))
        return Node(
            {digit: Branch(*branch) for digit, branch in value.get("children", {}).items()},
            {path: Entry.from_json(entry) for path, entry in value.get("entries", {}).items()},
        )


_NOTHING = Node({}, {})


def _key(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest().translate(_TWO_BITS)


def _child(node: Node, digit: str) -> Root:
    branch = node.children.get(digit)
    return branch.hash if branch else None


def _count(entries: Iterable[Entry]) -> tuple[int, int, int]:
    sizes = [entry.size if entry.hash else None for entry in entries]
    files = [size for size in sizes if size is not None]
    return len(sizes), len(files), sum(files)


def _sums(branches: Iterable[Branch]) -> tuple[int, int, int]:
    entries = files = size_bytes = 0
    for branch in branches:
        entries += branch.entries
        files += branch.files
        size_bytes += branch.size_bytes
    return entries, files, size_bytes
