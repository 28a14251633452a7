"""Which message a reader sees. Their browser decides it, by theme/scripts/appeals.js; this decides
the same for previews, and tests hold the two against one table of cases.

The list of rules is baked with each edition and is public. What a reader has read and seen stays
in their browser.
"""

from collections.abc import Sequence
from typing import NamedTuple, NotRequired, TypedDict

from tamizdat.appeals.models.experiment import WHOLE

ASKING = ("banner", "ask")
SAFETY = "safety"
MINUTES_A_DAY = 1_440


class Rule(TypedDict):
    """A message and who sees it. What is absent is no condition. Days and weeks count back."""

    id: str
    place: str
    countries: NotRequired[list[str]]
    not_countries: NotRequired[list[str]]
    sections: NotRequired[list[str]]
    not_sections: NotRequired[list[str]]
    topics: NotRequired[list[str]]
    not_topics: NotRequired[list[str]]
    soft: NotRequired[bool]  # may stand under a story that is sensitive
    device: NotRequired[str]
    begins: NotRequired[int]  # a minute since 1970, UTC
    ends: NotRequired[int]
    read: NotRequired[list[int | None]]  # least, most or None, in so many weeks
    views: NotRequired[list[int | None]]  # most or None, in so many days; days between two
    closed: NotRequired[int]  # days since it was closed
    gave: NotRequired[int]
    later: NotRequired[int]
    test: NotRequired[str]  # for the readers of one arm
    arm: NotRequired[str]


class Shares(TypedDict):
    """How many of 10,000 browsers each arm of a test is given."""

    arms: list[str]
    shares: list[int]


class Asks(TypedDict):
    """The list of one language; the first rule that holds is the one."""

    never: list[str]  # countries where giving endangers
    unknown_is_never: bool
    holdback: int  # so many of 10,000 browsers are not asked
    tests: dict[str, Shares]
    rules: list[Rule]


class Reader(TypedDict):
    """What a browser knows of its reader."""

    country: str  # by the clock; empty: it says nothing
    edge: NotRequired[str]  # where the address is that asked for the list, if the server says so
    section: str
    topics: list[str]
    sensitive: bool
    device: str
    minute: int  # since 1970, UTC
    number: int  # 32 bits, drawn once
    reads: dict[str, int]  # stories by week
    views: list[tuple[str, int]]  # place and day
    closed: dict[str, int]  # day by place
    gave: NotRequired[int]
    later: NotRequired[int]
    arms: dict[str, str]  # that it was given before, by test


class Choice(NamedTuple):
    message: str = ""  # nothing is shown
    met: tuple[str, ...] = ()  # tests of which a message would be shown, whatever the arm


def choose(asks: Asks, place: str, reader: Reader) -> Choice:
    """What stands at `place`.

    A test is met where one of its rules holds, whichever arm the rule is for: so the readers of
    all arms are counted alike, also where an arm is to see nothing.
    """
    if place in ASKING:
        if _is_in_danger(asks, reader):
            place = SAFETY
        elif reader["number"] % WHOLE < asks["holdback"]:
            return Choice()
    met: dict[str, None] = {}
    for rule in asks["rules"]:
        if rule["place"] == place and _holds(rule, reader):
            test = rule.get("test")
            if not test:
                return Choice(rule["id"], tuple(met))
            met[test] = None
            if arm_of(asks, test, reader) == rule["arm"]:
                return Choice(rule["id"], tuple(met))
    return Choice("", tuple(met))


def arm_of(asks: Asks, test: str, reader: Reader) -> str:
    """The one it had before, as long as there is one; else by its number."""
    arms, shares = asks["tests"][test]["arms"], asks["tests"][test]["shares"]
    if (known := reader["arms"].get(test)) in arms:
        return str(known)
    place = mix(f"{reader['number']}.{test}") % WHOLE
    for arm, share in zip(arms, shares, strict=True):
        place -= share
        if place < 0:
            return arm
    return arms[-1]


def week_of(day: int) -> int:
    """Weeks begin on a Monday; day 0 was a Thursday."""
    return (day + 3) // 7


def mix(text: str) -> int:
    """FNV-1a, 32 bits, of ASCII: spreads browsers over arms, and hides nothing."""
    value = 0x811C9DC5
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def _is_in_danger(asks: Asks, reader: Reader) -> bool:
    if {reader["country"], reader.get("edge", "")} & set(asks["never"]):
        return True
    # Who hides the clock may hide behind an address too.
    return not reader["country"] and asks["unknown_is_never"]


def _holds(rule: Rule, reader: Reader) -> bool:
    today = reader["minute"] // MINUTES_A_DAY
    return (
        _is_the_place(rule, reader)
        and _is_the_time(rule, reader)
        and _has_read(rule, reader, today)
        and _has_rested(rule, reader, today)
        and not _is_within(reader["closed"].get(rule["place"]), rule.get("closed"), today)
        and not _is_within(reader.get("gave"), rule.get("gave"), today)
        and not _is_within(reader.get("later"), rule.get("later"), today)
    )


def _is_the_place(rule: Rule, reader: Reader) -> bool:
    country = reader["country"] or reader.get("edge", "")
    return (
        _is_one(rule.get("countries"), [country])
        and _is_none(rule.get("not_countries"), [country])
        and _is_one(rule.get("sections"), [reader["section"]])
        and _is_none(rule.get("not_sections"), [reader["section"]])
        and _is_one(rule.get("topics"), reader["topics"])
        and _is_none(rule.get("not_topics"), reader["topics"])
        and (rule.get("soft", False) or not reader["sensitive"])
        and rule.get("device", reader["device"]) == reader["device"]
    )


def _is_the_time(rule: Rule, reader: Reader) -> bool:
    now = reader["minute"]
    return rule.get("begins", now) <= now and not ("ends" in rule and now >= rule["ends"])


def _has_read(rule: Rule, reader: Reader, today: int) -> bool:
    if "read" not in rule:
        return True
    least, most, weeks = rule["read"]
    week = week_of(today)
    count = sum(n for then, n in reader["reads"].items() if week - (weeks or 0) < int(then) <= week)
    return count >= (least or 0) and (most is None or count <= most)


def _has_rested(rule: Rule, reader: Reader, today: int) -> bool:
    if "views" not in rule:
        return True
    most, days, between = rule["views"]
    seen = [day for place, day in reader["views"] if place == rule["place"]]
    is_tired = most is not None and sum(_is_within(day, days, today) for day in seen) >= most
    return not is_tired and not any(_is_within(day, between, today) for day in seen)


def _is_within(then: int | None, days: int | None, today: int) -> bool:
    return then is not None and days is not None and today - then < days


def _is_one(names: Sequence[str] | None, values: Sequence[str]) -> bool:
    return names is None or any(value in names for value in values)


def _is_none(names: Sequence[str] | None, values: Sequence[str]) -> bool:
    return names is None or not any(value in names for value in values)
