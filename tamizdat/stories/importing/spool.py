"""What is too much for memory lies on the disk while a site is brought in, and is then gone."""

import os
import pickle
import sqlite3
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
V = TypeVar("V", str, int)


class Spool(Sequence[T]):
    """A row of things in a scratch file: added at its end, read by their number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as we are
        self._ends = array("Q", [0])
        weakref.finalize(self, self._file.close)

    def append(self, thing: T) -> None:
        length = self._file.write(pickle.dumps(thing, protocol=5))
        self._ends.append(self._ends[-1] + length)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[T]:
        return map(self._read, range(len(self)))

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self._read(each) for each in range(len(self))[at]]
        return self._read(range(len(self))[at])

    def _read(self, at: int) -> T:
        self._file.flush()
        start, end = self._ends[at], self._ends[at + 1]
        # We wrote it, and the file has no name by which anybody else could.
        thing: T = pickle.loads(os.pread(self._file.fileno(), end - start, start))  # noqa: S301
        return thing


class Shelf(Generic[V]):
    """What is found by a key, in a file without a name that SQLite opens."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._rows.close)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE shelf (key TEXT UNIQUE, value)")
        self._rows.execute("BEGIN")  # and never a commit: nobody reads it after us

    def get(self, key: str) -> V | None:
        row = self._rows.execute("SELECT value FROM shelf WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def __contains__(self, key: object) -> bool:
        found = self._rows.execute("SELECT 1 FROM shelf WHERE key = ?", (key,))
        return found.fetchone() is not None

    def __setitem__(self, key: str, value: V) -> None:
        self._rows.execute(
            "INSERT INTO shelf VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def setdefault(self, key: str, value: V) -> V:
        """What is there for `key`; put `value` there if nothing is."""
        done = self._rows.execute("INSERT OR IGNORE INTO shelf VALUES (?, ?)", (key, value))
        if done.rowcount:
            return value
        found = self.get(key)
        return value if found is None else found

    def items(self, *, at_once: int) -> Iterator[list[tuple[str, V]]]:
        """All there is, in the order in which it came, in lists of `at_once`."""
        last = 0
        query = "SELECT rowid, key, value FROM shelf WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := self._rows.execute(query, (last, at_once)).fetchall():
            last = rows[-1][0]
            yield [(key, value) for _rowid, key, value in rows]
