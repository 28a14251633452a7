"""The figures of an experiment as the desk reads them. What could be one person's is not shown."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tamizdat.appeals import judging
from tamizdat.appeals.models import Experiment, Message, Tally
from tamizdat.appeals.weighing import Report, Weighed
from tamizdat.lib import anonymity, sequential
from tamizdat.lib.money import Money
from tamizdat.lib.samples import Interval

ARM_COLUMNS = (
    "arm",
    "share_of_10000",
    "met",
    "views",
    "closes",
    "clicks",
    "gifts",  # empty where they are few
    "gifts_per_1000",
    "gifts_per_1000_low",
    "gifts_per_1000_high",
    "value_per_1000",  # minor units of "currency", a year's worth
    "value_per_1000_low",
    "value_per_1000_high",
    "currency",
    "more_than_first",
    "more_than_first_low",
    "more_than_first_high",
)
DAY_COLUMNS = ("day", "arm", "met", "views", "closes", "clicks", "is_left_out")
WIDE, STEP = 400, 34  # of the chart: its width, and from one arm to the next
A_FIFTH_MORE = 0.2


@dataclass(frozen=True)
class Row:
    """An arm in words."""

    name: str
    share: str
    met: str
    views: str
    closes: str
    clicks: str
    gifts: str = ""
    rate: str = ""
    value: str = ""
    lift: str = ""
    arrived: str = ""
    is_few: bool = False


@dataclass(frozen=True)
class Whisker:
    """An interval in the chart: where it begins and ends, and its middle."""

    name: str
    words: str
    y: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class Chart:
    whiskers: list[Whisker]
    most: str
    height: int
    width: int = WIDE


def rows(report: Report) -> list[Row]:
    lifts = _lifts(report)
    return [_row(arm, lifts.get(arm.name)) for arm in report.arms]


def draw(report: Report) -> Chart | None:
    """What a thousand readers are worth in each arm. None where that is not told of one."""
    if any(arm.is_few or not _is_known(arm.value) for arm in report.arms):
        return None
    most = max(arm.value.high for arm in report.arms)
    whiskers = [
        Whisker(
            arm.name.upper(),
            _money(arm),
            STEP * n + STEP // 2,
            *(round(end / most * WIDE) for end in arm.value),
        )
        for n, arm in enumerate(report.arms)
    ]
    return Chart(whiskers, _sum(most, report.currency), STEP * len(whiskers))


def said(experiment: Experiment) -> list[Message]:
    """The messages of its arms, arm by arm."""
    messages = Message.objects.filter(arm__experiment=experiment).select_related("arm", "locale")
    return list(messages.order_by("arm__name", "pk"))


def silent(experiment: Experiment) -> str:
    """Arms that no message is for: their readers see what everybody sees. `A, C`."""
    on = Message.objects.filter(arm__experiment=experiment, is_on=True).values("arm")
    arms = experiment.arms.exclude(pk__in=on).order_by("name")
    return ", ".join(arm.name.upper() for arm in arms)


def readers_needed(report: Report) -> str:
    """In each arm, until a fifth more has been seen four times in five. Empty: nobody knows yet."""
    first = report.arms[0]
    if first.is_few or not first.standing.brought.mean:
        return ""
    alpha = judging.alpha_of(len(report.arms))
    needed = sequential.readers_needed(first.standing.brought, more=A_FIFTH_MORE, alpha=alpha)
    return f"{round(needed, -3) or 1_000:,}"


def arm_lines(report: Report) -> Iterator[list[object]]:
    lifts = _lifts(report)
    for arm in report.arms:
        told: list[object] = [arm.name, arm.standing.share, arm.standing.met]
        told += [arm.views, arm.closes, arm.clicks]
        yield [
            *told,
            "" if arm.is_few else arm.standing.gifts,
            *_cells(None if arm.is_few else arm.rate),
            *_cells(None if arm.is_few else arm.value),
            report.currency,
            *_cells(lifts.get(arm.name)),
        ]


def day_lines(experiment: Experiment) -> Iterator[list[object]]:
    tallies = Tally.objects.filter(arm__experiment=experiment).select_related("arm")
    for one in tallies.order_by("day", "arm__name"):
        is_left_out = "yes" if one.is_flooded else "no"
        counts = one.met, one.views, one.closes, one.clicks
        yield [one.day.isoformat(), one.arm.name, *counts, is_left_out]


def _lifts(report: Report) -> dict[str, Interval]:
    """By arm, of those that may be told: a lift and one rate give the other rate."""
    first, *others = report.arms
    few = {arm.name for arm in others if arm.is_few or first.is_few}
    return {one.name: one.lift for one in report.verdict.comparisons if one.name not in few}


def _row(arm: Weighed, lift: Interval | None) -> Row:
    told = Row(
        name=arm.name.upper(),
        share=f"{arm.standing.share / 100:.0f} %",
        met=f"{arm.standing.met:,}",
        views=f"{arm.views:,}",
        closes=f"{arm.closes:,}",
        clicks=f"{arm.clicks:,}",
    )
    if arm.is_few:
        return replace(told, gifts=f"fewer than {anonymity.FEWEST}", is_few=True)
    rate = arm.rate
    return replace(
        told,
        gifts=f"{arm.standing.gifts:,}",
        rate=f"{rate.middle:.1f} ({rate.low:.1f} to {rate.high:.1f})",
        value=_money(arm),
        lift=_lift(lift),
        arrived=", ".join(arm.arrived_words),
    )


def _money(arm: Weighed) -> str:
    if not _is_known(arm.value):
        return ""
    low, middle, high = (_sum(each, arm.currency) for each in arm.value)
    return f"{middle} ({low} to {high})"


def _sum(minor: float, currency: str) -> str:
    return Money(round(minor), currency).format("en")


def _lift(lift: Interval | None) -> str:
    if lift is None or not _is_known(lift):
        return ""
    low, middle, high = (f"{each * 100:+.0f} %" for each in lift)
    return f"{middle} ({low} to {high})"


def _cells(interval: Interval | None) -> list[object]:
    """The middle first, as the columns are."""
    if interval is None or not _is_known(interval):
        return ["", "", ""]
    return [round(each, 4) for each in (interval.middle, interval.low, interval.high)]


def _is_known(interval: Interval) -> bool:
    """False where no counts came, or what came is worth nothing here: then it has no end."""
    return math.isfinite(interval.high)
