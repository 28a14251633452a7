"""How the arms of an experiment stand: what browsers told of them, and what the books say."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from tamizdat.appeals import judging
from tamizdat.appeals.judging import Standing, Verdict
from tamizdat.appeals.models import Experiment, Tally
from tamizdat.appeals.models.tally import COUNTED
from tamizdat.funding import led
from tamizdat.funding.led import Led
from tamizdat.lib import anonymity, samples
from tamizdat.lib.money import Money
from tamizdat.lib.samples import Interval, Sample
from tamizdat.outlet.models import Masthead

A_THOUSAND = 1_000


@dataclass(frozen=True)
class Weighed:
    """An arm with all that the desk tells of it."""

    standing: Standing
    views: int
    closes: int
    clicks: int
    worth: Sample  # in minor units
    arrived: dict[str, int]  # so far, in minor units by currency
    gifts_in: Counter[str]  # by currency
    currency: str

    @property
    def name(self) -> str:
        return self.standing.name

    @property
    def is_few(self) -> bool:
        """Too few gifts to be told apart from none: their sums would be someone's."""
        return self.standing.gifts < anonymity.FEWEST

    @property
    def rate(self) -> Interval:
        """Gifts of a thousand readers."""
        found = samples.rate(self.standing.gifts, self.standing.met)
        return Interval(*(each * A_THOUSAND for each in found))

    @property
    def value(self) -> Interval:
        """Minor units of a thousand readers."""
        return Interval(*(each * A_THOUSAND for each in samples.mean(self.worth)))

    @property
    def arrived_words(self) -> list[str]:
        """In the currencies of which it may be told. What all gifts are worth is told beside it, so
        one with few gifts hides the smallest of the others as well."""
        told, _hidden = anonymity.apart(
            sorted(self.gifts_in), lambda names: sum(self.gifts_in[name] for name in names)
        )
        return [Money(self.arrived[currency], currency).format("en") for currency in told]


@dataclass(frozen=True)
class Report:
    experiment: Experiment
    arms: list[Weighed]
    left_out: list[date]  # days on which more was told than taken in
    verdict: Verdict
    split_chance: float
    currency: str


def report(experiment: Experiment, *, now: datetime) -> Report:
    """How it stands at `now`. Of an experiment that has at least two arms."""
    tallies = list(Tally.objects.filter(arm__experiment=experiment).order_by("day", "arm__name"))
    left_out = sorted({tally.day for tally in tallies if tally.is_flooded})
    gifts = [gift for gift in _gifts(experiment, now=now) if gift.on not in left_out]
    arms = _weigh(experiment, [each for each in tallies if each.day not in left_out], gifts)
    standings = [arm.standing for arm in arms]
    if experiment.is_bandit:
        verdict = judging.of_a_bandit(standings)
    else:
        verdict = judging.judge(standings, planned=experiment.planned, days_left_out=len(left_out))
    return Report(
        experiment, arms, left_out, verdict, judging.split_chance(standings), arms[0].currency
    )


def _gifts(experiment: Experiment, *, now: datetime) -> list[Led]:
    if experiment.began_at is None:
        return []
    arms = [str(arm) for arm in experiment.arms.all()]
    until = experiment.ended_at or now
    return list(led.gifts(arms, since=experiment.began_at, until=until))


def _weigh(experiment: Experiment, tallies: Iterable[Tally], gifts: Iterable[Led]) -> list[Weighed]:
    told: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    for tally in tallies:
        for name in COUNTED:
            told[tally.arm_id][name] += getattr(tally, name)
    by_arm: dict[str, list[Led]] = defaultdict(list)
    for gift in gifts:
        by_arm[gift.arm].append(gift)
    currency = Masthead.objects.speaking(settings.LANGUAGE_CODE).currency
    proposed = led.proposed()
    found = []
    for arm in experiment.arms.order_by("name"):
        counts, its = told[arm.pk], by_arm[str(arm)]
        worths = [gift.worth(proposed, currency) for gift in its]
        worth = Sample(counts["met"], sum(worths), sum(each**2 for each in worths))
        yes = Sample.of_yes(len(its), counts["met"])
        brought = worth if experiment.measure == Experiment.Measure.MONEY else yes
        standing = Standing(arm.name, arm.share, counts["met"], len(its), brought)
        rest = {name: counts[name] for name in COUNTED[1:]}
        arrived, gifts_in = _sums(its), Counter(gift.currency for gift in its)
        found.append(
            Weighed(
                standing,
                worth=worth,
                arrived=arrived,
                gifts_in=gifts_in,
                currency=currency,
                **rest,
            )
        )
    return found


def _sums(gifts: Iterable[Led]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for gift in gifts:
        sums[gift.currency] += gift.arrived_minor
    return dict(sums)
