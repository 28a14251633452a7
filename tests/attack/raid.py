"""One day with an attack of so many attempts by several kinds of testers, and what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.attack.people import COUNTRIES, Giver, Tester
from tests.attack.town import HOUR, Town

GIVERS = 240
LONGEST_WAIT = timedelta(hours=36)


@dataclass(frozen=True)
class Kind:
    """Who they are, their share of all attempts in hundredths, and when: first and last hour."""

    share: float
    first: float
    last: float
    ways: dict[str, Any]


KINDS = {
    "script": Kind(35, 3, 5, {"has_script": False, "addresses": 0.5}),
    "browser": Kind(25, 4, 8, {}),
    "countries": Kind(20, 7, 11, {"countries": COUNTRIES}),
    "slow": Kind(2.5, 2, 22, {"countries": COUNTRIES}),
    "mailbox": Kind(12.5, 9, 15, {"addresses": 1.0, "reads_mail": True, "countries": ("US", "GB")}),
    "changer": Kind(5, 1, 9, {"keeps_form": True}),
}


def run(*, attempts: int, givers: int = GIVERS, seed: int = 1) -> dict[str, Any]:
    """What each kind got, and how the givers fared. Needs a founded newsroom."""
    town = Town(seed=seed)
    with town.open():
        testers = {name: Tester(town, **kind.ways) for name, kind in KINDS.items()}
        for name, kind in KINDS.items():
            _spread(town, testers[name].attempt, round(attempts * kind.share / 100), kind)
        people = [_giver(town, n) for n in range(givers)]
        for giver in people:
            town.at(town.now + 24 * HOUR * town.chance.random(), giver.come)
        town.live(until=town.now + LONGEST_WAIT)
    return {
        "testers": {name: _got(tester) for name, tester in testers.items()},
        "givers": _fared(people),
        "mails": town.mails,
        "trips": town.trips,
        "off_minutes": town.off_for // timedelta(minutes=1),
    }


def _spread(town: Town, attempt: Any, count: int, kind: Kind) -> None:
    begin, length = town.now + kind.first * HOUR, (kind.last - kind.first) * HOUR
    for n in range(count):
        town.at(begin + length * ((n + town.chance.random()) / count), attempt)


def _giver(town: Town, n: int) -> Giver:
    chance = town.chance
    has_script = chance.random() < 0.75
    return Giver(
        town,
        mailbox=f"reader{n}@mail{n % 7}.example",
        has_script=has_script,
        leaves_address=chance.random() < 0.6,
        country=chance.choice(("US", "US", "DE", "GB", "PL")),
        first_card_is_empty=chance.random() < 0.08,
    )


def _got(tester: Tester) -> dict[str, int]:
    names = ("attempts", "tries", "pages", "asked", "good")
    return {name: getattr(tester, name) for name in names}


def _fared(people: list[Giver]) -> dict[str, Any]:
    paid = [giver for giver in people if giver.paid_at]
    waits = sorted((giver.paid_at - giver.begun_at).total_seconds() / 60 for giver in paid)
    at_once = [giver for giver in paid if not giver.asked_for]
    usual = [g for g in paid if not g.has_script and set(g.asked_for) <= {"mail", "address"}]
    return {
        "all": len(people),
        "paid": len(paid),
        "at_once": len(at_once),
        "without_script_by_mail": len([g for g in usual if g.asked_for]),
        "asked_once_more": len(paid) - len(at_once) - len([g for g in usual if g.asked_for]),
        "stopped": len(people) - len(paid),
        "median_wait_minutes": round(waits[len(waits) // 2]) if waits else 0,
        "longest_wait_minutes": round(waits[-1]) if waits else 0,
    }
