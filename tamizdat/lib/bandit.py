"""More readers for what brings more: Thompson sampling, in shares instead of single draws.

A browser keeps the arm that it was given. So what is decided is not who sees what now, but the
share of each arm among those who come next: the chance that it is the best of all (Thompson 1933),
by what is believed of each after its gifts (a Beta posterior with a uniform prior).
"""

import math
from collections.abc import Sequence
from random import Random

FLOOR = 0.1  # of all readers, for each arm: what looks bad today may have had bad luck
DRAWS = 10_000


def shares(
    gifts: Sequence[int], met: Sequence[int], *, whole: int, seed: str, floor: float = FLOOR
) -> list[int]:
    """How many of `whole` each arm gets. Asked again with the same figures, the same.

    With more than ten arms, or one, the floor leaves nothing to share out.
    """
    arms = len(gifts)
    floor = min(floor, 1 / arms)
    left = 1 - floor * arms
    return _rounded([floor + left * best for best in chances(gifts, met, seed=seed)], whole)


def chances(gifts: Sequence[int], met: Sequence[int], *, seed: str) -> list[float]:
    """That each is the best of all."""
    random = Random(seed)  # noqa: S311 nothing is to be kept secret
    believed = [(1 + yes, 1 + max(0, n - yes)) for yes, n in zip(gifts, met, strict=True)]
    wins = [0] * len(believed)
    for _ in range(DRAWS):
        drawn = [random.betavariate(*one) for one in believed]
        wins[drawn.index(max(drawn))] += 1
    return [won / DRAWS for won in wins]


def _rounded(parts: Sequence[float], whole: int) -> list[int]:
    """Whole numbers that sum to `whole`: what is lost by rounding goes where most was lost."""
    exact = [part * whole for part in parts]
    found = [math.floor(each) for each in exact]
    by_loss = sorted(range(len(exact)), key=lambda n: found[n] - exact[n])
    for n in by_loss[: whole - sum(found)]:
        found[n] += 1
    return found
