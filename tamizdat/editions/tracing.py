"""What is read while a page is made, so that we know when it must be made again.

A *fact* is a function whose value a page may show: a story, a card, the newest of a section. While
a page renders it may read the database through facts only; each fact notes which *tokens* of the
database it watched and which other facts it read. A value has a digest: when a token it watches
changes, the fact is asked again, and where the digest is the same nothing that read it is outdated.

After the verifying traces of "Build systems à la carte" (Mokhov, Mitchell, Peyton Jones, 2018) and
the early cut-off of Salsa.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from django.db import connection

from tamizdat.editions import rows, watching

Key = tuple[Any, ...]  # the name of a fact or target, then its arguments: ("card", 12)

_FROM = re.compile(r'(?:FROM|JOIN) "(\w+)"')
_FACTS: dict[str, "Fact"] = {}


class Untraced(Exception):
    """Something was read that no trace would hold: the page could go out of date unnoticed."""


@dataclass(slots=True)
class Cell:
    """The value of a fact, and what it came from."""

    value: Any
    digest: bytes  # 16 bytes
    tokens: tuple[str, ...]
    reads: tuple[Key, ...]
    valid_until: datetime | None


@dataclass(slots=True)
class _Recorder:
    """What the fact or page that is being made has read so far."""

    memory: "Memory"
    tokens: dict[str, None] = field(default_factory=dict)
    reads: dict[Key, None] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    valid_until: datetime | None = None
    is_fact: bool = True


class Memory:
    """The values that one pass over the database has seen. It never outlives the pass."""

    def __init__(self, *, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)  # what every fact of the pass takes for the time
        self.cells: dict[Key, Cell] = {}
        self.rows: dict[Key, Any] = {}

    def assume(self, key: Key, value: Any) -> None:
        """Let `key` be `value` in this pass, whatever the database says."""
        self.cells[key] = Cell(value, b"", (), (), None)

    def cell(self, key: Key) -> Cell:
        """The value behind `key`, asked for if this pass did not have it yet."""
        found = self.cells.get(key)
        if found is None:
            found = self.cells[key] = _FACTS[key[0]].ask(key[1:], self)
        return found


_current: ContextVar[_Recorder | None] = ContextVar("current", default=None)


class Fact:
    """A function of plain arguments to plain, frozen data."""

    def __init__(
        self,
        make: Callable[..., Any],
        *,
        about: str = "",
        load: Callable[[Collection[int]], Mapping[int, Any]] | None = None,
        told_as: str = "",
        is_link: bool = False,
    ) -> None:
        self.name = make.__name__
        self.make = make
        self.about = about
        self.load = load
        self.told_as = told_as
        self.is_link = is_link
        if self.name in _FACTS and _FACTS[self.name].make.__module__ != make.__module__:
            raise TypeError(f"There is a fact named {self.name} already.")
        _FACTS[self.name] = self

    def __call__(self, *args: Any) -> Any:
        key = (self.name, *args)
        recorder = _current.get()
        if recorder is None:  # nobody traces: a preview, a form in the frame of the site
            return Memory().cell(key).value
        if not self.told_as:
            recorder.reads[key] = None
        return recorder.memory.cell(key).value

    def of_many(self, pks: Collection[int]) -> list[Any]:
        """The values for these primary keys, their rows read at once."""
        self.look_ahead(pks)
        return [self(pk) for pk in pks]

    def look_ahead(self, pks: Collection[int]) -> None:
        """Read at once the rows of all that may be asked for next."""
        recorder = _current.get()
        if recorder is not None:
            token = _current.set(None)  # these rows are nobody's before they are asked for
            try:
                self.prime(pks, recorder.memory)
            finally:
                _current.reset(token)

    def prime(self, pks: Collection[int], memory: Memory) -> None:
        """Read the rows of many at once, for the facts that will be asked in this pass."""
        assert self.load  # noqa: S101 only facts about rows are primed
        missing = [
            pk
            for pk in pks
            if (self.name, pk) not in memory.cells and (self, pk) not in memory.rows
        ]
        for some in rows.slices(missing):
            found = self.load(some)
            memory.rows.update({(self, pk): found.get(pk) for pk in some})

    def ask(self, args: Key, memory: Memory) -> Cell:
        """The value as the database has it now. Raises Untraced, and what the function raises."""
        recorder = _Recorder(memory)
        token = _current.set(recorder)
        try:
            value = self.make(*self._arguments(args, recorder))
        finally:
            _current.reset(token)
        tokens = [self.told_as] if self.told_as else recorder.tokens
        watching.refuse_unwatched(recorder.tables, tokens, of=self.name)
        digest = blake2b(repr(value).encode(), digest_size=16).digest()
        return Cell(
            value, digest, tuple(recorder.tokens), tuple(recorder.reads), recorder.valid_until
        )

    def _arguments(self, args: Key, recorder: _Recorder) -> Key:
        if self.load is None:
            return args
        (pk,) = args
        recorder.tokens[f"{self.about}:{pk}"] = None
        rows = recorder.memory.rows
        if (self, pk) in rows:
            return (rows.pop((self, pk)),)
        return (self.load([pk]).get(pk),)


def prime(keys: Iterable[Key], memory: Memory) -> None:
    """Read at once the rows that these facts are about."""
    by_fact: dict[Fact, list[int]] = {}
    for name, *arguments in keys:
        if _FACTS[name].load:
            by_fact.setdefault(_FACTS[name], []).append(*arguments)
    for one, pks in by_fact.items():
        one.prime(pks, memory)


def fact(make: Callable[..., Any]) -> Fact:
    """A fact that says what it watches by `watch`."""
    return Fact(make)


def fact_told_as(kind: str) -> Callable[[Callable[..., Any]], Fact]:
    """A fact that no trace names: when it changes, whoever reads it is told by tokens of `kind`."""
    return lambda make: Fact(make, told_as=kind)


def fact_about(
    kind: str, *, load: Callable[[Collection[int]], Mapping[int, Any]], is_link: bool = False
) -> Callable[[Callable[[Any], Any]], Fact]:
    """A fact made of one row (or None): `load` reads the rows of many primary keys at once.

    A page that reads an `is_link` names the row and says where it is, no more.
    """
    return lambda make: Fact(make, about=kind, load=load, is_link=is_link)


def is_link(text: str) -> bool:
    """Whether the fact with this key only leads to what it is about; not if it is of old code."""
    known = _FACTS.get(text.partition("(")[0])
    return known is not None and known.is_link


def watch(*tokens: str) -> None:
    """Say that what is being made may change when one of these tokens does."""
    if recorder := _current.get():
        recorder.tokens.update(dict.fromkeys(tokens))


def clock() -> datetime:
    """What time it is for this pass. A fact that asks says `valid_until` as well."""
    recorder = _current.get()
    return recorder.memory.now if recorder else datetime.now(UTC)


def valid_until(moment: datetime) -> None:
    """Say that what is being made changes by itself at `moment`."""
    if (recorder := _current.get()) is not None:
        known = recorder.valid_until
        recorder.valid_until = min(known, moment) if known else moment


@dataclass(slots=True)
class Trace:
    """What a page has read. It can be asked only after the page is made."""

    reads: tuple[Key, ...] = ()


@contextmanager
def tracing(memory: Memory) -> Iterator[Trace]:
    """Note every fact that is read inside; a query of the page's own raises Untraced."""
    recorder = _Recorder(memory, is_fact=False)
    trace = Trace()
    token = _current.set(recorder)
    try:
        yield trace
    finally:
        _current.reset(token)
        trace.reads = tuple(recorder.reads)


@contextmanager
def guarded() -> Iterator[None]:
    """While this lasts, the database answers to facts only."""
    with connection.execute_wrapper(_note_tables):
        yield


def _note_tables(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    recorder = _current.get()
    if recorder is not None:
        tables = _FROM.findall(sql)
        if tables and not recorder.is_fact:
            raise Untraced(f"A page may read {', '.join(sorted(set(tables)))} through facts only.")
        recorder.tables.update(tables)
    return execute(sql, params, many, context)
