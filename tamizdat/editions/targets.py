"""What can be baked: each target makes some files, and may bring further targets into being."""

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path

from tamizdat.editions.tracing import Key, Memory, tracing

PAGE, REDIRECT, OLD_REDIRECT, ENCLOSURE, GONE = range(
    5
)  # of two claims to one path the lower rank counts


@dataclass(frozen=True, slots=True)
class File:
    """Bytes for readers at `path` of the tree, which has no leading slash: `give/index.html`."""

    path: str
    content: bytes
    rank: int = PAGE


@dataclass(frozen=True, slots=True)
class Moved:
    """What was at `path` is at `location` now."""

    path: str
    location: str
    status: int = HTTPStatus.MOVED_PERMANENTLY
    rank: int = REDIRECT


@dataclass(frozen=True, slots=True)
class Encloses:
    """A file of ours that a page names, so that the tree carries it itself."""

    path: str
    find: Callable[[], Path | None]  # asked after the page is made; None: it is not there
    make: Callable[[], Path | None] | None = None  # at leisure: it takes long, and nobody waits


@dataclass(frozen=True, slots=True)
class Begets:
    """There is a target `key` as long as the one that says so is there and says so."""

    key: Key


Product = File | Moved | Encloses | Begets
Make = Callable[..., Iterator[Product]]


@dataclass(frozen=True)
class Born:
    """Targets that come into being with a row of the database: `page(12)` with page 12."""

    kind: str  # of the token that tells of the row
    everyone: Callable[[], Iterable[int]]  # primary keys of all rows that may have one
    is_there: Callable[[int], bool]  # whether readers may find anything of it
    prime: Callable[[Collection[int], Memory], None]  # reads at once what it asks of many


@dataclass(frozen=True)
class Target:
    make: Make
    born: Born | None = None
    prime: Callable[[Sequence[Key], Memory], None] | None = None
    in_passing: bool = False
    retells: bool = False


_TARGETS: dict[str, Target] = {}
ROOT: Key = ("root",)


def target(
    *,
    born: Born | None = None,
    prime: Callable[[Sequence[Key], Memory], None] | None = None,
    in_passing: bool = False,
    retells: bool = False,
) -> Callable[[Make], Make]:
    """Register a target under the function's name.

    `prime` reads at once what many of these targets are about to ask for. What is baked
    `in_passing` no editor waits for: feeds and maps come with the worker's next round. What
    `retells` holds all the words of other pages, and goes with them until it is made anew.
    """

    def register(make: Make) -> Make:
        _TARGETS[make.__name__] = Target(make, born, prime, in_passing, retells)
        return make

    return register


def prime(keys: Iterable[Key], memory: Memory) -> None:
    """Read at once what these targets will ask for."""
    by_name: dict[str, list[Key]] = {}
    for key in keys:
        by_name.setdefault(key[0], []).append(key)
    for name, same in by_name.items():
        if prime_these := _TARGETS[name].prime:
            prime_these(same, memory)


def everything() -> Iterator[Key]:
    """Every target that nothing begets."""
    yield ROOT
    for name, one in _TARGETS.items():
        if one.born:
            yield from ((name, pk) for pk in one.born.everyone())


def those_there(born: Mapping[int, Key]) -> set[int]:
    """Those of these targets, which came with rows, of which readers may find anything."""
    memory, by_name = Memory(), dict[str, list[int]]()
    for name, pk in born.values():
        by_name.setdefault(name, []).append(pk)
    for name, pks in by_name.items():
        _born(name).prime(pks, memory)
    with tracing(memory):
        return {number for number, (name, pk) in born.items() if _born(name).is_there(pk)}


def is_in_passing(text: str) -> bool:
    """Whether no editor waits for the target with this key."""
    return _TARGETS[text.partition("(")[0]].in_passing


def retells(text: str) -> bool:
    """Whether the target with this key holds all the words of others."""
    return text.startswith(retelling())


def retelling() -> tuple[str, ...]:
    """What the keys of such targets begin with."""
    return tuple(f"{name}(" for name, one in _TARGETS.items() if one.retells)


def is_begotten(text: str) -> bool:
    """Whether the target with this key is there only as long as another begets it."""
    return text != text_of(ROOT) and _TARGETS[text.partition("(")[0]].born is None


def row_of(text: str) -> tuple[str, int] | None:
    """The name and primary key in the key of a target that came with a row of the database."""
    name, _, arguments = text.partition("(")
    return (name, int(arguments[:-1])) if _TARGETS[name].born else None


def _born(name: str) -> Born:
    born = _TARGETS[name].born
    assert born  # noqa: S101 only targets that came with rows are asked
    return born


def products_of(key: Key) -> Iterator[Product]:
    """What the target makes. Raises what its function raises."""
    name, *arguments = key
    return _TARGETS[name].make(*arguments)


def born_of(token: str) -> Key | None:
    """The target that `token` is about, if there is a kind for it."""
    kind, _, pk = token.partition(":")
    names = (name for name, one in _TARGETS.items() if one.born and one.born.kind == kind)
    return next(((name, int(pk)) for name in names), None)


def text_of(key: Key) -> str:
    """`("month", 45, 2026, 5)` → `month(45, 2026, 5)`: how a key is kept and shown."""
    return f"{key[0]}({', '.join(map(repr, key[1:]))})"


def number_of(text: str) -> int:
    """The number under which the key of this text is kept: 63 bits of its hash."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 1


@lru_cache(maxsize=50_000)
def number(key: Key) -> int:
    """The number under which this key is kept. A fact is read by many, so it is asked often."""
    return number_of(text_of(key))


def key_of(text: str) -> Key:
    """The key that `text_of` made this of."""
    name, _, arguments = text.partition("(")
    return (name, *ast.literal_eval(f"({arguments[:-1]},)" if arguments != ")" else "()"))
