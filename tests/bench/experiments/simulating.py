"""Experiments that never were: readers and gifts drawn by chance, judged by the desk's own lines.

An experiment is looked at each day, and stopped by the first verdict that says so: just what a
person does, and what ruins a test that is meant for one look.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from tamizdat.appeals.judging import Kind, Standing, judge
from tamizdat.lib.samples import Sample

# What gifts are worth, a year of a monthly one, in units of the currency; half is given once.
WORTH = np.array([5, 10, 20, 25, 50, 100, 24, 60, 120, 240, 600.0])
ODDS = np.array([0.12, 0.13, 0.12, 0.06, 0.05, 0.02, 0.12, 0.24, 0.10, 0.03, 0.01])
ARMS = "abcd"
PLANNED = 100_000


@dataclass(frozen=True)
class World:
    """So many readers a day in each arm, and what they do in the first and in the second."""

    rate: float = 0.003
    more: float = 0.0  # gifts in the second arm: 0.2 is a fifth more
    readers_a_day: int = 1_000
    days: int = 60
    measure: str = "money"
    forged_a_day: int = 0  # in the second arm
    arms: int = 2


def run(world: World, *, random: np.random.Generator) -> Iterator[list[Standing]]:
    """How the arms stand at the end of each day."""
    of_arms = [_arm(world, n, random=random) for n in range(world.arms)]
    for day in range(world.days):
        yield [_standing(name, world, *(each[day] for each in arm)) for name, arm in of_arms]


def _arm(world: World, n: int, *, random: np.random.Generator) -> tuple[str, list[np.ndarray]]:
    is_second = n == 1
    rate = world.rate * (1 + world.more * is_second)
    met = random.poisson(world.readers_a_day, world.days)
    gifts = random.binomial(met, rate)
    by_worth = random.multinomial(gifts, ODDS)
    sums = [met + world.forged_a_day * is_second, gifts, by_worth @ WORTH, by_worth @ WORTH**2]
    return ARMS[n], [np.cumsum(each) for each in sums]


def _standing(name: str, world: World, met: int, gifts: int, *money: float) -> Standing:
    count, yes = int(met), int(gifts)
    worth = Sample(count, *map(float, money))
    brought = worth if world.measure == "money" else Sample.of_yes(yes, count)
    return Standing(name, 10_000 // world.arms, count, yes, brought)


def decided_at(days: Iterator[list[Standing]], is_decided: Callable[..., bool]) -> int | None:
    """The readers of both arms when it was stopped; None if it never was."""
    for arms in days:
        if is_decided(arms):
            return sum(one.met for one in arms)
    return None


def by_the_desk(arms: list[Standing]) -> bool:
    return judge(arms, planned=PLANNED).kind == Kind.DECIDED


def by_a_usual_test(arms: list[Standing]) -> bool:
    """A mean is beyond 1.96 errors from the first one: right once, wrong each day."""
    if min(one.gifts for one in arms) < 5:
        return False
    first, *others = (one.brought for one in arms)
    limit = NormalDist().inv_cdf(0.975)
    errors = (math.hypot(first.error, one.error) for one in others)
    return any(
        abs(one.mean - first.mean) > limit * error
        for one, error in zip(others, errors, strict=True)
    )


def stops(world: World, rule: Callable[..., bool], *, runs: int, seed: int) -> list[int | None]:
    random = np.random.default_rng(seed)
    return [decided_at(run(world, random=random), rule) for _ in range(runs)]


def share_decided(stopped: list[int | None]) -> float:
    return sum(each is not None for each in stopped) / len(stopped)


def share_warned(world: World, *, runs: int, seed: int) -> float:
    """Of experiments, by how many the desk said on any day that the counts are wrong."""
    random = np.random.default_rng(seed)
    warned = 0
    for _ in range(runs):
        days = run(world, random=random)
        warned += any(judge(arms, planned=PLANNED).kind == Kind.WRONG for arms in days)
    return warned / runs


def forged(world: World, *, part: float) -> World:
    """Somebody adds `part` of the true readers to the second arm."""
    return replace(world, forged_a_day=round(world.readers_a_day * part))


@dataclass(frozen=True)
class Found:
    """What became of many experiments in one world: the readers at which each was stopped."""

    world: World
    usual: list[int | None]
    desk: list[int | None]


def find(world: World, *, runs: int, seed: int) -> Found:
    usual = [] if world.more else stops(world, by_a_usual_test, runs=runs, seed=seed)
    return Found(world, usual, stops(world, by_the_desk, runs=runs, seed=seed))
