"""Our figures beside those of `gbstats`, for the same arms."""

from typing import Any

from tamizdat.lib import mismatch, sequential
from tamizdat.lib.samples import Interval, Sample

TUNED_TO = 100_000
MONEY = (Sample(60_000, 10_400, 1_160_000), Sample(59_500, 13_100, 1_530_000))
GIFTS = (Sample.of_yes(180, 60_000), Sample.of_yes(231, 59_500))


def theirs(before: Sample, after: Sample, *, tuned_to: int) -> Interval:
    """The lift as gbstats tells it: around the ratio itself, not around its logarithm."""
    from gbstats.frequentist.tests import SequentialConfig, SequentialTwoSidedTTest
    from gbstats.models.statistics import SampleMeanStatistic

    arms = [
        SampleMeanStatistic(n=one.count, sum=one.total, sum_squares=one.squares)
        for one in (before, after)
    ]
    config = SequentialConfig(sequential_tuning_parameter=tuned_to)
    test = SequentialTwoSidedTTest(*arms, config)
    low, high = map(float, test.confidence_interval)
    return Interval(low, float(test.point_estimate), high)


def ours_around_the_ratio(before: Sample, after: Sample, *, tuned_to: int) -> Interval:
    """From the same parts as `sequential.lift`, in the shape of theirs."""
    ratio = after.mean / before.mean
    error = ratio * (before.relative_error**2 + after.relative_error**2) ** 0.5
    count = before.count + after.count
    half = sequential.half_width(error, count=count, tuned_to=tuned_to)
    return Interval(ratio - 1 - half, ratio - 1, ratio - 1 + half)


def split_by_theirs(counts: list[int], shares: list[int]) -> float:
    from gbstats.utils import check_srm

    return float(check_srm(counts, shares))


def cases() -> list[dict[str, Any]]:
    found = []
    for name, arms in (("lift of money", MONEY), ("lift of gifts", GIFTS)):
        same = ours_around_the_ratio(*arms, tuned_to=TUNED_TO)
        found.append(_case(name, arms, _said(same), _said(theirs(*arms, tuned_to=TUNED_TO))))
        logarithmic = sequential.lift(*arms, tuned_to=TUNED_TO)
        found.append(_case(f"{name}, as the desk tells it", arms, _said(logarithmic), "–"))
    for counts, shares in (([50_310, 49_690], [1, 1]), ([9_420, 1_130, 980], [8, 1, 1])):
        both = (mismatch.chance(counts, shares), split_by_theirs(counts, shares))
        said = [f"p = {each:.6f}" for each in both]
        split = " : ".join(f"{each:,}" for each in counts)
        found.append({"what": "split", "arms": split, "ours": said[0], "gbstats": said[1]})
    return found


def _case(what: str, arms: tuple[Sample, Sample], ours: str, gbstats: str) -> dict[str, Any]:
    said = " and ".join(f"{one.total:,} of {one.count:,}" for one in arms)
    return {"what": what, "arms": said, "ours": ours, "gbstats": gbstats}


def _said(interval: Interval) -> str:
    low, middle, high = (f"{each * 100:+.3f} %" for each in interval)
    return f"{middle} ({low} to {high})"
