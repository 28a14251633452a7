"""What the months to come will probably bring, from the months that are over. Whole minor units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

RECENT = 3  # months from which the pace is taken
LEAST = RECENT + 1  # months without which nothing is foreseen
LOOK_BACK = 12  # months on which the rule is tried
NINE_IN_TEN = 1.645  # standard deviations


@dataclass(frozen=True)
class Past:
    """One month that is over, in one currency."""

    value: int  # what pledges gave
    came: int  # of that, from those who are new, came back or raised it
    gone: int  # what would have come round, and did not; with what was lowered


@dataclass(frozen=True)
class Foreseen:
    low: int
    middle: int
    high: int


def foresee(months: Sequence[Past], *, ahead: int) -> Foreseen | None:
    """The value of the month `ahead` after the last; None while there are too few to tell.

    As much goes as went of late, in proportion; as much comes as came of late. How far off the same
    rule was in earlier months says how far off it may be now: nine times in ten between `low` and
    `high`, were errors as they have been.
    """
    middle = _rule(months, ahead=ahead)
    if middle is None:
        return None
    errors = [value - foreseen for foreseen, value in _tried(months, ahead=ahead)]
    spread = math.sqrt(sum(error * error for error in errors) / len(errors)) if errors else middle
    reach = round(NINE_IN_TEN * spread)
    return Foreseen(max(0, middle - reach), middle, middle + reach)


def _rule(months: Sequence[Past], *, ahead: int) -> int | None:
    if len(months) < LEAST:
        return None
    recent, before = months[-RECENT:], months[-RECENT - 1 : -1]
    base = sum(one.value for one in before)
    lost = min(1.0, sum(one.gone for one in recent) / base) if base else 0.0
    came = sum(one.came for one in recent) / RECENT
    value = float(months[-1].value)
    for _ in range(ahead):
        value = value * (1 - lost) + came
    return round(value)


def _tried(months: Sequence[Past], *, ahead: int) -> list[tuple[int, int]]:
    """What would have been foreseen for each of the last months, and what came."""
    ends = range(max(LEAST, len(months) - LOOK_BACK), len(months) - ahead + 1)
    pairs = [(_rule(months[:end], ahead=ahead), months[end + ahead - 1].value) for end in ends]
    return [(foreseen, value) for foreseen, value in pairs if foreseen is not None]
