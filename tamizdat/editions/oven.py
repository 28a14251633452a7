"""Making targets: their files go into the store, their traces come back as numbers and text.

A loaf is plain data, so that one process can bake and another keep what was baked.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from tamizdat.editions import live, redirecting, targets
from tamizdat.editions.manifest import Entry
from tamizdat.editions.targets import Begets, Encloses, File, Moved, Product
from tamizdat.editions.tracing import Cell, Key, Memory, guarded, tracing

logger = logging.getLogger(__name__)


class Wanted(NamedTuple):
    """What a target wants to stand at a path."""

    path: str
    rank: int
    entry: Entry


class Known(NamedTuple):
    """A fact as a trace keeps it."""

    number: int
    text: str
    digest: bytes
    tokens: tuple[str, ...]
    reads: tuple[int, ...]
    trace: bytes  # a digest of what it watches and reads
    valid_until: datetime | None


@dataclass(slots=True)
class Loaf:
    """What came of one target."""

    number: int
    text: str
    wanted: list[Wanted] = field(default_factory=list)
    begets: dict[int, str] = field(default_factory=dict)  # number of a target → its key as text
    reads: tuple[int, ...] = ()
    failed: bool = False
    is_unfinished: bool = False  # something of it takes long and was left for later


class Oven:
    """Bakes targets as the database is now; for one pass, since it remembers what it read."""

    def __init__(self, memory: Memory, *, at_leisure: bool = False) -> None:
        self.memory = memory
        self.at_leisure = at_leisure  # what takes long is made too
        self._told: set[Key] = set()

    def bake(self, keys: Iterable[Key]) -> Iterator[Loaf]:
        """A loaf for each; one that cannot be made is told of, logged, and holds up no other."""
        with guarded():
            for key in keys:
                loaf = Loaf(targets.number(key), targets.text_of(key))
                try:
                    reads = self._fill(loaf, key)
                except Exception:
                    # Whatever is wrong with one page, the others are not late because of it.
                    logger.exception("%s could not be baked; readers keep what was there", key)
                    loaf.failed = True
                else:
                    loaf.reads = tuple(map(targets.number, reads))
                    self._told |= set(reads)
                yield loaf

    def facts(self) -> list[Known]:
        """Every fact behind the loaves so far."""
        waiting, found = list(self._told), dict[Key, Known]()
        while waiting:
            key = waiting.pop()
            if key not in found:
                cell = self.memory.cells[key]
                found[key] = known(key, cell)
                waiting.extend(cell.reads)
        return list(found.values())

    def _fill(self, loaf: Loaf, key: Key) -> tuple[Key, ...]:
        with tracing(self.memory) as trace:
            products = list(targets.products_of(key))
        for product in products:
            self._take(loaf, product)
        return trace.reads

    def _take(self, loaf: Loaf, product: Product) -> None:
        match product:
            case File(path, content, rank):
                entry = live.store(path, content)
                loaf.wanted.append(Wanted(path, rank, entry))
            case Moved(path, location, status, rank):
                entry = Entry.redirect(status, location)
                loaf.wanted.append(Wanted(redirecting.path_in_edition(path), rank, entry))
            case Begets(key):
                loaf.begets[targets.number(key)] = targets.text_of(key)
            case Encloses(path, find, make):
                file = find()
                if file is None and make:
                    file = make() if self.at_leisure else None
                    loaf.is_unfinished |= not self.at_leisure
                if file:
                    entry = live.store_file(path, file)
                    loaf.wanted.append(Wanted(path, targets.ENCLOSURE, entry))


def known(key: Key, cell: Cell) -> Known:
    """A fact as it is kept."""
    text = targets.text_of(key)
    reads = tuple(map(targets.number, cell.reads))
    trace = blake2b(repr((cell.tokens, reads, cell.valid_until)).encode(), digest_size=16).digest()
    return Known(
        targets.number(key), text, cell.digest, cell.tokens, reads, trace, cell.valid_until
    )
