"""Whether readers were split as they should have been.

More in one arm than chance allows (a sample-ratio mismatch) means that something is wrong with the
counts: a page that fails in one arm, or somebody who forges them.
"""

import math
from collections.abc import Sequence


def chance(counts: Sequence[int], shares: Sequence[float]) -> float:
    """How often chance alone splits them so badly, by Pearson's chi-square test."""
    total, whole = sum(counts), sum(shares)
    if not total or len(counts) < 2:
        return 1.0
    expected = [total * share / whole for share in shares]
    if not all(expected):
        return 0.0 if any(n and not e for n, e in zip(counts, expected, strict=True)) else 1.0
    distance = sum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True))
    return beyond(distance, freedom=len(counts) - 1)


def beyond(distance: float, *, freedom: int) -> float:
    """The chance that chi-square is larger, with so many degrees of freedom.

    From one or two degrees up in steps of two: Q(k+2) = Q(k) + (x/2)^(k/2) e^(-x/2) / (k/2)!
    """
    half = distance / 2
    degrees = 1 if freedom % 2 else 2
    found = math.erfc(math.sqrt(half)) if freedom % 2 else math.exp(-half)
    while degrees < freedom:
        if half:
            found += math.exp(degrees / 2 * math.log(half) - half - math.lgamma(degrees / 2 + 1))
        degrees += 2
    return min(1.0, found)
