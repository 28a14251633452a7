"""What was found, as the measured part of docs/experiments.md."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from tests.bench.experiments.drawing import Line, picture
from tests.bench.experiments.simulating import Found, share_decided
from tests.bench.table import table


def of_same(found: Sequence[Found]) -> str:
    """Experiments whose arms are the same."""
    head = ["gifts of a thousand readers", "arms", "readers a day", "days", "judged by"]
    rows = [
        [
            f"{one.world.rate * 1000:g}",
            one.world.arms,
            one.world.arms * one.world.readers_a_day,
            one.world.days,
            one.world.measure,
            _percent(share_decided(one.usual)),
            _percent(share_decided(one.desk)),
        ]
        for one in found
    ]
    return "\n\n".join(
        [
            "### Arms that are the same",
            f"Of {len(found[0].desk):,} experiments in each line, all looked at every day and "
            "stopped at the first difference that is called certain, how many were stopped. Every "
            "one of them is an error.",
            table([*head, "a usual 95 % test", "the desk"], rows),
        ]
    )


def of_other(found: Sequence[Found]) -> str:
    """Experiments in which the second arm brings more."""
    head = ["brings more", "judged by", "found", "half of them by", "with gifts"]
    rows = [
        [
            _percent(one.world.more),
            one.world.measure,
            _percent(share_decided(one.desk)),
            half := _median(one.desk),
            half and round(half * one.world.rate * (1 + one.world.more / 2)),
        ]
        for one in found
    ]
    world = found[0].world
    most = 2 * world.readers_a_day * world.days
    return "\n\n".join(
        [
            "### One arm brings more",
            f"{world.rate * 1000:g} gifts of a thousand readers in the first arm, "
            f"{most:,} readers in all, looked at every day. *Found* is how many of "
            f"{len(found[0].desk):,} experiments were stopped; *half of them by* so many readers "
            "of both arms, who gave so many gifts.",
            table(head, rows),
        ]
    )


def of_forged(warned: Mapping[float, float]) -> str:
    rows = [[_percent(part), _percent(share)] for part, share in warned.items()]
    return "\n\n".join(
        [
            "### Forged counts",
            "Somebody adds forged readers to one arm, below every limit: so many of the true ones. "
            "In how many experiments the desk says on some day of 60 that the counts are wrong.",
            table(["forged", "warned"], rows),
        ]
    )


def of_agreeing(cases: Sequence[Mapping[str, Any]]) -> str:
    head = ["what", "arms", "ours", "gbstats"]
    rows = [[one[name] for name in head] for one in cases]
    return "\n\n".join(
        [
            "### Beside gbstats",
            "The same figures by GrowthBook's `gbstats`; `tests/lib/test_gbstats.py` holds "
            "many more against each other.",
            table(head, rows),
        ]
    )


def draw(same: Found, other: Sequence[Found]) -> str:
    days = range(1, same.world.days + 1)
    looks = [2 * same.world.readers_a_day * day for day in days]
    errors = [
        Line("looked at daily, a usual 95 % test", _curve(same.usual, looks)),
        Line("looked at daily, the desk", _curve(same.desk, looks)),
    ]
    world = other[0].world
    looks = [2 * world.readers_a_day * day for day in range(1, world.days + 1)]
    power = [Line(f"{_percent(one.world.more)} more", _curve(one.desk, looks)) for one in other]
    return picture(
        [
            ("Called different, though the same (by money)", errors),
            ("Called different, being so (by money)", power),
        ],
        words="Shares of simulated experiments that were stopped, by how many readers they had",
    )


def _curve(stopped: Sequence[int | None], looks: Sequence[int]) -> list[tuple[float, float]]:
    # Readers come by chance: a day has a few more or fewer than it is drawn at.
    return [
        (look, sum(each is not None and each <= look * 1.01 for each in stopped) / len(stopped))
        for look in [0, *looks]
    ]


def _median(stopped: Sequence[int | None]) -> int | None:
    """By how many readers half of all experiments were stopped, if half ever were."""
    ordered = [each if each is not None else 10**12 for each in stopped]
    half = median(ordered)
    return round(half, -3) if half < 10**11 else None


def _percent(part: float) -> str:
    return f"{part * 100:.3g} %"
