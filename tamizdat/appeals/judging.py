"""What an experiment shows so far, in one sentence that stays true however often it is read.

Nothing here knows where the figures come from: simulations judge by the same lines as the desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tamizdat.lib import mismatch, sequential
from tamizdat.lib.samples import Interval, Sample

LEAST_READERS = 5_000  # of all arms together
LEAST_GIFTS = 25  # in each arm: below it, sums of gifts are not yet spread as sums of many are
SUSPICIOUS = 0.001  # as chi-square says; gbstats warns at the same
ALIKE = 0.1  # a difference that is surely smaller is none worth waiting for


class Kind(StrEnum):
    WRONG = "wrong"
    EARLY = "early"
    OPEN = "open"
    ALIKE = "alike"
    DECIDED = "decided"


@dataclass(frozen=True)
class Standing:
    """An arm: how many browsers met it, and what their readers gave."""

    name: str
    share: int
    met: int
    gifts: int
    brought: Sample  # of what the experiment is judged by


@dataclass(frozen=True)
class Comparison:
    """An arm beside the first one."""

    name: str
    lift: Interval

    @property
    def is_better(self) -> bool:
        return self.lift.low > 0

    @property
    def is_worse(self) -> bool:
        return self.lift.high < 0

    @property
    def is_alike(self) -> bool:
        return self.lift.low > -ALIKE and self.lift.high < ALIKE

    @property
    def is_settled(self) -> bool:
        return self.is_better or self.is_worse or self.is_alike


@dataclass(frozen=True)
class Verdict:
    kind: Kind
    sentence: str
    comparisons: Sequence[Comparison] = ()


def judge(arms: Sequence[Standing], *, planned: int, days_left_out: int = 0) -> Verdict:
    """Of at least two arms, the first of which is what the others are compared with.

    `planned` is how many readers were expected when it began, `days_left_out` how many days of it
    are not in these figures, because their counts were forged.
    """
    compared = compare(arms, planned=planned)
    if trouble := _trouble(arms):
        return Verdict(Kind.WRONG, f"Something is wrong with the counts: {trouble}", compared)
    if missing := _missing(arms, planned=planned):
        return Verdict(Kind.EARLY, f"Too early to tell: {missing}.{_but(days_left_out)}", compared)
    kind, sentence = _decide(arms[0].name, compared)
    return Verdict(kind, sentence + _but(days_left_out), compared)


def of_a_bandit(arms: Sequence[Standing]) -> Verdict:
    """It gives readers to what brings more, and says no more than that.

    Its arms had their readers at different times, so no difference between them can be told.
    """
    if trouble := _impossible(arms):
        return Verdict(Kind.WRONG, f"Something is wrong with the counts: {trouble}")
    most = max(arms, key=lambda one: one.share)
    part = _percent(most.share / sum(one.share for one in arms))
    return Verdict(
        Kind.OPEN,
        f"{most.name.upper()} gets {part} of new readers, the most. Shares move each day; "
        "a bandit gives no verdict.",
    )


def compare(arms: Sequence[Standing], *, planned: int) -> list[Comparison]:
    """Each with the first; of several comparisons, the chance of one being wrong is still 5 %."""
    first, *others = arms
    alpha = alpha_of(len(arms))
    return [
        Comparison(
            one.name,
            sequential.lift(first.brought, one.brought, tuned_to=planned, alpha=alpha),
        )
        for one in others
    ]


def alpha_of(arms: int) -> float:
    """The chance that a comparison may be wrong, where each of so many arms but one is compared."""
    return sequential.ALPHA / max(1, arms - 1)


def split_chance(arms: Sequence[Standing]) -> float:
    return mismatch.chance([one.met for one in arms], [one.share for one in arms])


def _impossible(arms: Sequence[Standing]) -> str:
    strange = next((one.name for one in arms if one.gifts > one.met), "")
    return strange and f"{strange.upper()} brought more gifts than readers met it."


def _trouble(arms: Sequence[Standing]) -> str:
    if strange := _impossible(arms):
        return strange
    if split_chance(arms) < SUSPICIOUS:
        return (
            "the arms were not met as often as their shares say. One of them may fail to show, "
            "or somebody forges the counts. Do not go by these figures."
        )
    return ""


def _missing(arms: Sequence[Standing], *, planned: int) -> str:
    met = sum(one.met for one in arms)
    least = min(LEAST_READERS, planned)
    if met < least:
        return f"{met:,} of {least:,} readers"
    fewest = min(arms, key=lambda one: one.gifts)
    if fewest.gifts < LEAST_GIFTS:
        return f"{fewest.name.upper()} has fewer than {LEAST_GIFTS} gifts"
    return ""


def _decide(first: str, compared: Sequence[Comparison]) -> tuple[Kind, str]:
    if better := [one for one in compared if one.is_better]:
        best = max(better, key=lambda one: one.lift.middle)
        return Kind.DECIDED, f"{_brings(best)} than {first.upper()}. You can stop."
    if all(one.is_worse for one in compared):
        least_bad = max(compared, key=lambda one: one.lift.middle)
        return Kind.DECIDED, f"Keep {first.upper()}: {_brings(least_bad)}. You can stop."
    if all(one.is_settled for one in compared):
        return Kind.ALIKE, f"Alike: nothing differs by {_percent(ALIKE)} or more. You can stop."
    widest = max((one for one in compared if not one.is_settled), key=lambda one: one.lift.high)
    return Kind.OPEN, f"No difference is certain yet: {_brings(widest)}. Let it run."


def _brings(one: Comparison) -> str:
    """`B brings 14 % to 40 % more`, and where it is not certain which, both ends."""
    low, high = one.lift.low, one.lift.high
    name = one.name.upper()
    if low > 0:
        return f"{name} brings {_percent(low)} to {_percent(high)} more"
    if high < 0:
        return f"{name} brings {_percent(-high)} to {_percent(-low)} less"
    return f"{name} brings between {_percent(-low)} less and {_percent(high)} more"


def _percent(part: float) -> str:
    return f"{part * 100:.0f} %" if part >= 0.01 else f"{part * 100:.1f} %"


def _but(days_left_out: int) -> str:
    if not days_left_out:
        return ""
    days = "1 day is" if days_left_out == 1 else f"{days_left_out} days are"
    return f" {days} left out: somebody flooded the counts."
