"""What many readers did, in three numbers, and how sure one may be of their mean."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple, Self

CONFIDENCE = 0.95


class Interval(NamedTuple):
    low: float
    middle: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


NOTHING_KNOWN = Interval(0.0, 0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Sample:
    """`count` readers, the sum of what each gave, and the sum of its squares."""

    count: int
    total: float
    squares: float

    @classmethod
    def of_yes(cls, yes: int, count: int) -> Self:
        """Where each of `count` did something or did not."""
        return cls(count, yes, yes)

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0

    @property
    def variance(self) -> float:
        """Of one reader, as far as this sample tells (with Bessel's correction)."""
        if self.count < 2:
            return 0.0
        return max(0.0, self.squares - self.total**2 / self.count) / (self.count - 1)

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return math.sqrt(self.variance / self.count) if self.count else 0.0

    @property
    def relative_error(self) -> float:
        """The standard error of the logarithm of the mean, by the delta method."""
        return self.error / self.mean if self.mean else math.inf


def rate(yes: int, count: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's interval (JASA 1927): it stays within 0 and 1, and is honest when `yes` is small."""
    if not count:
        return Interval(0.0, 0.0, 1.0)
    z, share = _z(confidence), min(1.0, yes / count)  # more than all, where counts were lost
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    low, high = middle - half, middle + half  # which, to the last digit, may miss 0 and 1
    return Interval(max(0.0, min(share, low)), share, min(1.0, max(share, high)))


def mean(sample: Sample, *, confidence: float = CONFIDENCE) -> Interval:
    """Of what is rare, never negative and skewed, such as the money a reader gives.

    The delta method on the logarithm (Deng, Knoblich and Lu, KDD 2018, give it for such metrics):
    the interval is longer upwards, and never reaches below nothing.
    """
    if not sample.mean:
        return NOTHING_KNOWN
    factor = math.exp(_z(confidence) * sample.relative_error)
    return Interval(sample.mean / factor, sample.mean, sample.mean * factor)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
