"""What nobody may read any more goes before all else: an unpublishing may be a matter of safety.

Its own files go, with the volumes of search that hold its words and every file that retells it
whole. Then what shows some of it (fronts, lists, archives, those feeds) is made anew, before
anything else that waits is so much as looked at. What only links to it comes in its turn.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from tamizdat.editions import keeping, rows, searching, settling, taking_in, targets, tracing
from tamizdat.editions.models import Baked, Claim, KnownFact, Read, Watch
from tamizdat.editions.taking_in import Told
from tamizdat.editions.tracing import Memory

MADE_FIRST = 200  # pages that show some of what was taken away; the worker bakes the others


def take_away(told: Told, *, now: datetime) -> list[int] | None:
    """Take away what these changes say nobody may read; None if they say so of nothing.

    The targets that show some of it elsewhere, to be made first. Inside the baker's lock.
    """
    hidden = taking_in.hidden(told)
    if not hidden:
        return None
    showing = _showing(hidden)
    concerning = taking_in.concerning(showing, told, also=hidden.values())
    search = taking_in.ask(concerning, memory=Memory(now=now), now=now)
    with transaction.atomic():
        gone = hidden.keys() | searching.forget(hidden, now=now)
        paths = keeping.withdraw(gone, now=now)
        taking_in.note(concerning, search, now=now)
        # What was begotten by what is hidden went with it.
        left = dict(rows.get(Baked, "id", showing, "id", "key"))
        retelling = [number for number, key in left.items() if targets.retells(key)]
        paths |= keeping.withdraw(retelling, now=now)
        first = _nearest(left)
        taking_in.put_first({left[number] for number in (*first, *retelling)}, now=now)
    settling.settle(why="taken away", now=now, remove_first=paths)
    return first


def _showing(hidden: Mapping[int, str]) -> set[int]:
    """The targets that have some of its words, by the traces; and what retells without a trace."""
    facts = {fact for (fact,) in rows.get(Watch, "token", hidden.values(), "fact_id")}
    known = rows.get(KnownFact, "id", facts, "id", "key")
    links = {number for number, key in known if tracing.is_link(key)}
    waiting = (facts - links) | _facts_among(_readers(links))
    seen: set[int] = set()
    while waiting:
        seen |= waiting
        waiting = _readers(waiting) - seen
    return (seen | _untraced()) - hidden.keys()


def _readers(facts: Collection[int]) -> set[int]:
    return {reader for (reader,) in rows.get(Read, "fact_id", facts, "reader_id")}


def _facts_among(numbers: Collection[int]) -> set[int]:
    return {number for (number,) in rows.get(KnownFact, "id", numbers, "id")}


def _untraced() -> set[int]:
    """What retells, and nobody knows what: after an upgrade every trace is made anew."""
    found: set[int] = set()
    for start in targets.retelling():
        found |= set(Baked.objects.filter(key__startswith=start).values_list("id", flat=True))
    return found - {reader for (reader,) in rows.get(Read, "reader_id", found, "reader_id")}


def _nearest(showing: Mapping[int, str]) -> list[int]:
    """As many as are made first: what retells, then what is nearest to the front."""
    depth: dict[int, int] = {}
    for number, path in rows.get(Claim, "target_id", showing, "target_id", "path"):
        if path.endswith(".html"):
            depth[number] = min(path.count("/"), depth.get(number, taking_in.FAR))

    def turn(number: int) -> tuple[bool, int, str]:
        return (
            not targets.retells(showing[number]),
            depth.get(number, taking_in.FAR),
            showing[number],
        )

    return sorted(showing, key=turn)[:MADE_FIRST]
