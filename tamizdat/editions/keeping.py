"""Keeping what was baked: traces, claims to paths, and what follows from them for the tree.

Nothing is locked while pages are made. So a loaf is kept only if all it read is still so: a fact
that was known has the digest that the loaf saw, and of no token of a new fact was a change taken
in since the pass began to read. Otherwise its target stays outdated, to be baked again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max

from tamizdat.editions import claiming, rows, targets
from tamizdat.editions.models import (
    AT_LEISURE,
    IN_PASSING,
    Baked,
    Begotten,
    Change,
    KnownFact,
    Outdated,
    Read,
    TakingIn,
    Watch,
)
from tamizdat.editions.oven import Known, Loaf
from tamizdat.editions.watching import EVERYTHING

RETRY_AFTER = timedelta(minutes=10)
OUTDATED = ("id", "key", "why", "priority", "not_before", "failures")


@dataclass
class Kept:
    """What keeping some loaves came to."""

    why: str = ""  # the first of them was baked
    paths: set[str] = field(default_factory=set)  # where readers should find something else now
    kept: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)  # the database has moved on meanwhile


def last_taking_in() -> int:
    """To be asked before a pass begins to read."""
    return TakingIn.objects.aggregate(last=Max("pk"))["last"] or 0


def keep(
    loaves: Sequence[Loaf],
    facts: Sequence[Known],
    *,
    since: int,
    why: Mapping[int, str],
    now: datetime,
) -> Kept:
    """Keep what is still true of these loaves. Inside a transaction, and the baker's lock."""
    stale = _keep_facts(facts, since=since)
    done = Kept(why=why.get(loaves[0].number, ""))
    good: dict[int, Loaf] = {}
    for loaf in loaves:
        if loaf.failed:
            done.failed.add(loaf.number)
        elif stale.intersection(loaf.reads):
            done.again.add(loaf.number)
        else:
            good[loaf.number] = loaf
    let_go = _let_go(good)
    rows.delete(Outdated, "id", good)
    good = {number: loaf for number, loaf in good.items() if number not in let_go}
    done.paths = _replace(good, leaving=good, why=why, now=now)
    done.kept = set(good)
    later = [loaf for loaf in good.values() if loaf.is_unfinished]
    unfinished = [(f.number, f.text, "it is unfinished", AT_LEISURE, now, 0) for f in later]
    rows.insert(Outdated, OUTDATED, unfinished)
    _try_later(done.failed, now=now)
    return done


def _keep_facts(facts: Sequence[Known], *, since: int) -> set[int]:
    """Keep new facts and new traces; the numbers of those that are not what they were read as."""
    told = set(Change.objects.filter(taken_in__gt=since).values_list("token", flat=True))
    found = rows.get(KnownFact, "id", [fact.number for fact in facts], "id", "digest", "trace")
    known = {number: (bytes(digest), bytes(trace)) for number, digest, trace in found}
    stale = {f.number for f in facts if f.number in known and known[f.number][0] != f.digest}
    # A fact that differs though nothing told of it would stay so for ever: have it asked again.
    rows.insert(Change, ("token",), [(f"fact:{number}",) for number in stale])
    new = [fact for fact in facts if fact.number not in known]
    stale |= {f.number for f in new if EVERYTHING in told or not told.isdisjoint(f.tokens)}
    while more := {f.number for f in new if f.number not in stale and stale.intersection(f.reads)}:
        stale |= more
    _keep_new([f for f in new if f.number not in stale])
    replace_traces([f for f in facts if f.number in known and known[f.number][1] != f.trace])
    return stale


def keep_facts(facts: Collection[Known]) -> None:
    """Remember what these facts are, in place of what they were."""
    forget_facts([fact.number for fact in facts])
    _keep_new(facts)


def forget_facts(numbers: Collection[int]) -> None:
    """Know nothing of these facts: whoever reads one will ask it anew."""
    rows.delete(KnownFact, "id", numbers)
    _forget_traces(numbers)


def replace_traces(facts: Collection[Known]) -> None:
    """Remember what these facts now watch and read; their values are what they were."""
    for fact in facts:
        KnownFact.objects.filter(pk=fact.number).update(
            trace=fact.trace, valid_until=fact.valid_until
        )
    _forget_traces([fact.number for fact in facts])
    _write_traces(facts)


def _keep_new(facts: Collection[Known]) -> None:
    columns = ("id", "key", "digest", "trace", "valid_until")
    values = [(f.number, f.text, f.digest, f.trace, f.valid_until) for f in facts]
    rows.insert(KnownFact, columns, values)
    _write_traces(facts)


def _forget_traces(numbers: Collection[int]) -> None:
    rows.delete(Watch, "fact_id", numbers)
    rows.delete(Read, "reader_id", numbers)


def _write_traces(facts: Collection[Known]) -> None:
    rows.insert(Watch, ("token", "fact_id"), [(t, f.number) for f in facts for t in f.tokens])
    rows.insert(Read, ("fact_id", "reader_id"), [(r, f.number) for f in facts for r in f.reads])


def withdraw(numbers: Collection[int], *, now: datetime) -> set[str]:
    """Forget these targets and all they begot; the paths where readers should find nothing now."""
    return _replace({}, leaving=numbers, why={}, now=now)


def _replace(
    good: Mapping[int, Loaf], *, leaving: Collection[int], why: Mapping[int, str], now: datetime
) -> set[str]:
    """Put loaves in the place of the last ones of their targets; the paths that change."""
    orphans = _orphans({number: good.get(number, Loaf(number, "")) for number in leaving})
    leaving = [*leaving, *orphans]
    good = {number: loaf for number, loaf in good.items() if number not in orphans}
    for model, column in ((Read, "reader_id"), (Baked, "id")):
        rows.delete(model, column, leaving)
    rows.delete(Outdated, "id", orphans)
    _write(good, why=why, now=now)
    _bring_into_being(good, now=now)
    return claiming.replace({n: good[n].wanted if n in good else () for n in leaving})


def _write(good: Mapping[int, Loaf], *, why: Mapping[int, str], now: datetime) -> None:
    baked = [(number, loaf.text, now, why.get(number, "")) for number, loaf in good.items()]
    rows.insert(Baked, ("id", "key", "baked_at", "why"), baked)
    reads = [(fact, number) for number, loaf in good.items() for fact in loaf.reads]
    rows.insert(Read, ("fact_id", "reader_id"), reads)


def _orphans(good: Mapping[int, Loaf]) -> set[int]:
    """The targets that nobody begets any more, once these loaves count."""
    before = set(rows.get(Begotten, "by_id", good, "target_id", "by_id"))
    now = {(target, number) for number, loaf in good.items() for target in loaf.begets}
    dropped = {target for target, _by in before - now}
    rows.delete(Begotten, "by_id", {by for _target, by in before - now})
    kept = {target for (target,) in rows.get(Begotten, "target_id", dropped, "target_id")}
    left = dropped - kept - {target for target, _by in now}
    return left | _orphans({number: Loaf(number, "") for number in left}) if left else left


def _let_go(good: Mapping[int, Loaf]) -> set[int]:
    """The targets that nobody begets any more, since they were set down to be baked."""
    made = {number for number, loaf in good.items() if targets.is_begotten(loaf.text)}
    return made - {n for (n,) in rows.get(Begotten, "target_id", made, "target_id")}


def _bring_into_being(good: Mapping[int, Loaf], *, now: datetime) -> None:
    pairs = [(target, number) for number, loaf in good.items() for target in loaf.begets]
    rows.insert(Begotten, ("target_id", "by_id"), pairs)
    born = {target: text for loaf in good.values() for target, text in loaf.begets.items()}
    there = {number for (number,) in rows.get(Baked, "id", born, "id")}
    new = [
        (n, text, "it is new", IN_PASSING if targets.is_in_passing(text) else 1, now, 0)
        for n, text in born.items()
        if n not in there
    ]
    rows.insert(Outdated, OUTDATED, new)


def _try_later(failed: Collection[int], *, now: datetime) -> None:
    for row in Outdated.objects.filter(pk__in=failed):
        row.failures, row.not_before = row.failures + 1, now + RETRY_AFTER
        row.save(update_fields=["failures", "not_before"])
