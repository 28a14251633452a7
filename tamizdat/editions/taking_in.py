"""From what the database told to what must be baked: facts are asked again, traces are followed.

A fact whose value is what it was stops the search there.
"""

import heapq
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from tamizdat.editions import keeping, oven, rows, targets, tracing
from tamizdat.editions.models import (
    IN_PASSING,
    Baked,
    Change,
    Claim,
    KnownFact,
    Outdated,
    Read,
    TakingIn,
    Watch,
)
from tamizdat.editions.oven import Known
from tamizdat.editions.tracing import Key, Memory
from tamizdat.editions.watching import EVERYTHING

logger = logging.getLogger(__name__)

AT_ONCE = 20_000  # changes in one look
DOUBT = "fact:"  # what the token begins with by which we doubt a fact ourselves
KEPT_FOR = timedelta(hours=6)  # longer than any pass reads
FIRST, NEAR, FAR = 0, 2, 9  # priorities
YOUNG = 12  # pages, of many: those that are read most

Told = Sequence[tuple[int, str]]  # the primary keys and tokens of changes


@dataclass
class Search:
    """Facts that were asked again, and the targets that are outdated because of them."""

    memory: Memory
    asked: set[int] = field(default_factory=set)
    changed: list[Known] = field(default_factory=list)
    moved: list[Known] = field(default_factory=list)  # the same value, come by in another way
    lost: set[int] = field(default_factory=set)  # cannot be asked any more
    outdated: dict[int, str] = field(default_factory=dict)  # number of a target → why

    def follow(self, suspects: Mapping[int, str]) -> None:
        """Ask these facts; where one has changed, what read it is outdated or a suspect too."""
        while suspects:
            self.asked |= suspects.keys()
            readers = self._readers(self._ask(suspects))
            facts = {number for (number,) in rows.get(KnownFact, "id", readers, "id")}
            self.outdated |= {n: why for n, why in readers.items() if n not in facts}
            suspects = {n: readers[n] for n in facts if n not in self.asked}

    def _ask(self, suspects: Mapping[int, str]) -> dict[int, str]:
        """Ask these facts; those that have changed, and why."""
        news = {}
        for some in rows.slices(list(suspects)):
            known = rows.get(KnownFact, "id", some, "id", "key", "digest", "trace")
            keys = [(number, targets.key_of(text), *was) for number, text, *was in known]
            tracing.prime([key for _number, key, *_was in keys], self.memory)
            for number, key, *was in keys:
                if self._has_changed(number, key, was):
                    news[number] = f"{targets.text_of(key)} after {suspects[number]}"
        return news

    def _has_changed(self, number: int, key: Key, was: Sequence[bytes]) -> bool:
        try:
            fact = oven.known(key, self.memory.cell(key))
        except Exception:
            # What reads it will say what is wrong, page by page; the others are not late.
            logger.exception("%s cannot be asked", key)
            self.lost.add(number)
            return True
        if fact.digest != bytes(was[0]):
            self.changed.append(fact)
            return True
        if fact.trace != bytes(was[1]):
            self.moved.append(fact)
        return False

    def _readers(self, news: Mapping[int, str]) -> dict[int, str]:
        found = rows.get(Read, "fact_id", news, "reader_id", "fact_id")
        return {reader: news[fact] for reader, fact in found}


def told() -> Told:
    """All changes that were not taken in, the oldest first."""
    return list(Change.objects.filter(taken_in=None).order_by("pk").values_list("pk", "token"))


def take_in(changes: Told, *, memory: Memory, now: datetime) -> None:
    """Find what is outdated by these changes, and by the clock.

    Inside the baker's lock. Repeating it is harmless, and so is a crash: what was told is marked
    as taken in together with what follows from it.
    """
    search = ask(changes, memory=memory, now=now)
    with transaction.atomic():
        note(changes, search, now=now)


def concerning(numbers: Collection[int], changes: Told, *, also: Collection[str] = ()) -> Told:
    """Those of these changes that what these targets read watches, and `also` those tokens."""
    read, waiting = set[int](), set(numbers)
    while waiting:
        waiting = {fact for (fact,) in rows.get(Read, "reader_id", waiting, "fact_id")} - read
        read |= waiting
    tokens = {token for (token,) in rows.get(Watch, "fact_id", read, "token")} | set(also)
    return [(pk, token) for pk, token in changes if token in tokens or token.startswith(DOUBT)]


def ask(changes: Told, *, memory: Memory, now: datetime) -> Search:
    """Ask again the facts that these changes, or the clock, may have changed. Writes nothing."""
    tokens = dict.fromkeys(token for _pk, token in changes)
    search = Search(memory)
    if EVERYTHING not in tokens:
        search.follow(_suspects(tokens, now=now))
    return search


def note(changes: Told, search: Search, *, now: datetime) -> None:
    """These changes are taken in, and this is what came of it. Inside a transaction."""
    tokens = dict.fromkeys(token for _pk, token in changes)
    mark([pk for pk, _token in changes], now=now)
    if EVERYTHING in tokens:
        outdate_everything(now=now, why="something that all pages rest on changed")
    keeping.keep_facts(search.changed)
    keeping.replace_traces(search.moved)
    keeping.forget_facts(search.lost)
    _outdate(search.outdated, tokens, now=now)
    _outdate_unborn(tokens, now=now)


def next_number(*, now: datetime) -> int:
    return TakingIn.objects.create(at=now).pk


def hidden(changes: Told) -> dict[int, str]:
    """The targets that have files of what nobody may read any more, and what told of each."""
    tokens = {token for _pk, token in changes}
    about = {targets.number(key): token for token in tokens if (key := targets.born_of(token))}
    born = _born(tokens)
    claiming = {number for (number,) in rows.get(Claim, "target_id", born, "target_id")}
    gone = claiming - targets.those_there({number: born[number] for number in claiming})
    return {number: about[number] for number in gone}


def outdate_everything(*, now: datetime, why: str) -> None:
    """Have every known target baked again, whatever its trace says."""
    for model in (KnownFact, Watch, Read):
        model.objects.all()._raw_delete("default")
    known = Baked.objects.values_list("id", "key")
    _insert([(number, key, why, FAR, now, 0) for number, key in known.iterator()])


def outdate(keys: Collection[Key], *, now: datetime, why: str) -> None:
    """Have these targets baked, whether they were before or not."""
    _insert([(targets.number(key), targets.text_of(key), why, FAR, now, 0) for key in keys])


def put_first(texts: Collection[str], *, now: datetime) -> None:
    """Have the targets with these keys baked before all others."""
    why = "something that it shows was taken away"
    _insert([(targets.number_of(text), text, why, FIRST, now, 0) for text in texts])


def doubt(keys: Collection[Key]) -> None:
    """Have every fact that these targets read asked again at the next taking-in."""
    numbers = [targets.number(key) for key in keys]
    doubted = {fact for (fact,) in rows.get(Read, "reader_id", numbers, "fact_id")}
    rows.insert(Change, ("token",), [(f"{DOUBT}{fact}",) for fact in doubted])


def _suspects(tokens: Collection[str], *, now: datetime) -> dict[int, str]:
    """The facts that watch what was told, and those whose time has come."""
    watched = rows.get(Watch, "token", tokens, "fact_id", "token")
    suspects: dict[int, str] = dict(watched)
    due = KnownFact.objects.filter(valid_until__lte=now).values_list("id", flat=True)
    suspects |= dict.fromkeys(due, "the clock")
    doubted = (token for token in tokens if token.startswith(DOUBT))
    return suspects | {int(token.removeprefix(DOUBT)): "a doubt" for token in doubted}


def mark(changes: list[int], *, now: datetime) -> None:
    """These are taken in. Those of long ago, which no pass can have missed, are forgotten."""
    if changes:
        number = next_number(now=now)
        for some in rows.slices(changes):
            Change.objects.filter(pk__in=some).update(taken_in=number)
    old = TakingIn.objects.filter(at__lt=now - KEPT_FOR)
    if last := old.aggregate(last=Max("pk"))["last"]:
        Change.objects.filter(taken_in__lte=last).delete()
        old.delete()


def _outdate(found: Mapping[int, str], tokens: Iterable[str], *, now: datetime) -> None:
    """What was changed itself comes first, then what is nearest to the front."""
    named = set(_born(tokens))
    depth = dict(rows.get(Claim, "target_id", found, "target_id", "path"))
    turns = {number: 1 + min(path.count("/"), FAR - 2) for number, path in depth.items()}
    baked = rows.get(Baked, "id", found, "id", "key")
    turns |= {number: min(turns.get(number, FAR), NEAR) for number in _youngest(baked)}
    turns |= dict.fromkeys(named, FIRST)
    turns |= dict.fromkeys((n for n, key in baked if targets.is_in_passing(key)), IN_PASSING)
    _insert([(n, key, found[n], turns.get(n, FAR), now, 0) for n, key in baked])


def _youngest(baked: Iterable[tuple[int, str]]) -> list[int]:
    """Of each kind, the targets of those rows of the database that were made last."""
    born: dict[str, list[tuple[int, int]]] = {}
    for number, text in baked:
        if row := targets.row_of(text):
            kind, pk = row
            born.setdefault(kind, []).append((pk, number))
    return [number for same in born.values() for _pk, number in heapq.nlargest(YOUNG, same)]


def _outdate_unborn(tokens: Iterable[str], *, now: datetime) -> None:
    """What was told of may have a page now that had none; what is always there, too."""
    born = _born(tokens) | {targets.number(targets.ROOT): targets.ROOT}
    there = {number for (number,) in rows.get(Baked, "id", born, "id")}
    new = {number: key for number, key in born.items() if number not in there}
    _insert([(n, targets.text_of(key), "it is new", FIRST, now, 0) for n, key in new.items()])


def _born(tokens: Iterable[str]) -> dict[int, Key]:
    """The targets that are about what was told, by number."""
    keys = (key for token in tokens if (key := targets.born_of(token)))
    return {targets.number(key): key for key in keys}


def _insert(values: Sequence[tuple[Any, ...]]) -> None:
    rows.delete(Outdated, "id", [number for number, *_rest in values])
    rows.insert(Outdated, keeping.OUTDATED, values)
