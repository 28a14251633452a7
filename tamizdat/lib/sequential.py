"""How much more one sample brings than another, true on whatever day one looks.

An interval of the usual kind is wrong once in twenty looks; whoever looks each day and stops at
the first good one is wrong far more often. These are asymptotic confidence sequences (Waudby-Smith,
Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
sequences", Annals of Statistics 52, 2024; arXiv 2103.06476): the chance that the truth is outside
on *any* day is `alpha`. GrowthBook's `gbstats` calls the same thing sequential testing.
"""

import math
from statistics import NormalDist

from tamizdat.lib.samples import Interval, Sample

ALPHA = 0.05
UNKNOWN = Interval(-1.0, 0.0, math.inf)


def half_width(error: float, *, count: int, tuned_to: int, alpha: float = ALPHA) -> float:
    """Around an estimate with the standard error `error`, made of `count` readers.

    It is narrowest, for its error, where `count` is `tuned_to`, and holds anywhere.
    """
    return error * errors_wide(count / tuned_to, alpha=alpha)


def errors_wide(progress: float, *, alpha: float = ALPHA) -> float:
    """By how many standard errors: equations 9 and 161 of the paper. 3.03 where `progress` is 1."""
    spread = -2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))
    known = progress * spread
    return math.sqrt(2 * (known + 1) / known * math.log(math.sqrt(known + 1) / alpha))


def lift(before: Sample, after: Sample, *, tuned_to: int, alpha: float = ALPHA) -> Interval:
    """How much more `after` brings than `before`: 0.2 is a fifth more.

    Of the ratio of the two means, by the delta method on its logarithm: neither is preferred, and
    nobody brings less than nothing.
    """
    error = math.hypot(before.relative_error, after.relative_error)
    if math.isinf(error):
        return UNKNOWN
    count = before.count + after.count
    half = half_width(error, count=count, tuned_to=tuned_to, alpha=alpha)
    ratio = after.mean / before.mean
    return Interval(ratio * math.exp(-half) - 1, ratio - 1, ratio * math.exp(half) - 1)


def readers_needed(sample: Sample, *, more: float, alpha: float = ALPHA, power: float = 0.8) -> int:
    """In each of two arms like `sample`, until a lift of `more` has been seen with that chance.

    Counted as if one looked once, in the end; whoever looks each day needs no more.
    """
    if not sample.mean:
        raise ValueError("nothing is known of what a reader brings")
    variation = sample.variance / sample.mean**2
    errors = errors_wide(1, alpha=alpha) + NormalDist().inv_cdf(power)
    return math.ceil(2 * variation * (errors / math.log1p(more)) ** 2)
