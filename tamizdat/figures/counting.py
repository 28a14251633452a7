"""A month is counted when it is over: what each pledge gave, and what became of it.

Counted from dues and charges, so that the figures and the books are of the same gifts.
docs/figures.md says it in the revenue lead's words.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from tamizdat.figures.models import By, Kind
from tamizdat.figures.sections import section_of
from tamizdat.funding.models import Contribution, Due, Pledge
from tamizdat.ledger.sums import midnight
from tamizdat.lib.months import due_on
from tamizdat.payments.models import Attempt, Charge
from tamizdat.payments.models.charge import gone

_BECAME = {
    Pledge.State.LAPSED: Kind.LAPSED,
    Pledge.State.STOPPED: Kind.STOPPED,
    Pledge.State.HALTED: Kind.HALTED,
    Pledge.State.PAST_DUE: Kind.OWING,
    Pledge.State.UNCONFIRMED: Kind.OWING,
}


class Key(NamedTuple):
    kind: Kind
    by: By
    name: str
    currency: str


@dataclass
class Sums:
    """How many there were of each, and how much in twelfths of a minor unit."""

    counts: Counter[Key] = field(default_factory=Counter)
    twelfths: Counter[Key] = field(default_factory=Counter)

    def add(self, key: Key, twelfths: int) -> None:
        self.counts[key] += 1
        self.twelfths[key] += twelfths

    def rows(self) -> Iterator[tuple[Key, int, int]]:
        """Each key with its count and its sum in minor units, rounded half up."""
        for key, count in self.counts.items():
            yield key, count, (self.twelfths[key] + 6) // 12


class Given(NamedTuple):
    """A gift of a pledge that was paid, and the one before it."""

    pledge: int
    supporter: int
    period_on: date
    minor: int
    currency: str
    source: str
    message: str
    is_imported: bool
    provider: str
    first_on: date
    before_on: date | None
    before_minor: int | None
    is_recovered: bool


def count(month: date) -> Sums:
    """Everything about the month that begins on `month`."""
    sums, people = Sums(), set[int]()
    for interval, every in Pledge.EVERY.items():
        covering = due_on(month, 1 - every)
        latest = {one.pledge: one for one in _given(interval, covering, due_on(month, 1))}
        for one in latest.values():
            people.add(one.supporter)
            _add_given(sums, one, month=month, every=every)
        _add_gone(sums, interval, month=month, every=every)
    sums.counts[Key(Kind.PEOPLE, By.ALL, "", "")] = len(people)
    _add_once(sums, month)
    return sums


def _add_given(sums: Sums, one: Given, *, month: date, every: int) -> None:
    value = one.minor * 12 // every
    cohort = one.first_on.replace(day=1).isoformat()
    for by, name in ((By.ALL, ""), (By.METHOD, one.provider), (By.COHORT, cohort)):
        sums.add(Key(Kind.GAVE, by, name, one.currency), value)
    if one.period_on < month:  # a year that goes on
        return
    if one.before_on is None:
        kind = Kind.TAKEN_IN if one.is_imported else Kind.NEW
        _add_everywhere(sums, kind, one, value)
        return
    if one.is_recovered:
        sums.add(Key(Kind.RECOVERED, By.ALL, "", one.currency), value)
    if one.before_on < due_on(month, -every):
        sums.add(Key(Kind.BACK, By.ALL, "", one.currency), value)
    elif change := value - (one.before_minor or 0) * 12 // every:
        kind = Kind.RAISED if change > 0 else Kind.LOWERED
        sums.add(Key(kind, By.ALL, "", one.currency), abs(change))


def _add_everywhere(sums: Sums, kind: Kind, one: "Given | Once", twelfths: int) -> None:
    places = [(By.ALL, ""), (By.METHOD, one.provider)]
    if one.source:
        places += [(By.STORY, one.source), (By.SECTION, section_of(one.source))]
    if one.message:
        places.append((By.MESSAGE, one.message))
    for by, name in places:
        sums.add(Key(kind, by, name, one.currency), twelfths)


def _add_gone(sums: Sums, interval: str, *, month: date, every: int) -> None:
    """Those whose gift would have come round in this month, and did not come."""
    end, before = due_on(month, 1), due_on(month, -every)
    next_month = due_on(before, 1)
    came = _paid(interval).filter(pledge=OuterRef("pledge"))
    missing = (
        _paid(interval)
        .filter(period_on__gte=before, period_on__lt=next_month)
        .filter(~Exists(came.filter(period_on__gte=next_month, period_on__lt=end)))
        .annotate(came_later=Exists(came.filter(period_on__gte=end)))
    )
    columns = ("pledge_id", "charge__amount_minor", "charge__currency")
    rows = missing.order_by("period_on").values_list(*columns, "pledge__state", "came_later")
    for _, minor, currency, state, came_later in {row[0]: row for row in rows.iterator()}.values():
        kind = Kind.PAUSED if came_later else _BECAME.get(state, Kind.PAUSED)
        sums.add(Key(kind, By.ALL, "", currency), minor * 12 // every)


class Once(NamedTuple):
    minor: int
    currency: str
    source: str
    message: str
    provider: str


def _add_once(sums: Sums, month: date) -> None:
    gifts = Contribution.objects.filter(
        charge__state=Charge.State.SUCCEEDED,
        charge__succeeded_at__gte=midnight(month),
        charge__succeeded_at__lt=midnight(due_on(month, 1)),
        charge__amount_minor__gt=gone("charge__"),
    )
    left = F("charge__amount_minor") - gone("charge__")
    columns = ("left", "charge__currency", "source_page", "appeal")
    rows = gifts.annotate(left=left, provider=_provider()).values_list(*columns, "provider")
    for minor, currency, source, message, provider in rows.iterator():
        one = Once(minor, currency, source, message, provider or "")
        _add_everywhere(sums, Kind.ONCE, one, 12 * minor)


def _given(interval: str, since: date, until: date) -> Iterator[Given]:
    """Paid gifts of such pledges that fell due from the day `since` to the day before `until`."""
    before = _paid(interval).filter(pledge=OuterRef("pledge"), period_on__lt=OuterRef("period_on"))
    declined = Attempt.objects.filter(
        charge=OuterRef("charge"), state=Attempt.State.DECLINED
    ).order_by()
    rows = (
        _paid(interval)
        .filter(period_on__gte=since, period_on__lt=until)
        .annotate(
            provider=_provider(),
            first_on=Subquery(
                _paid(interval)
                .filter(pledge=OuterRef("pledge"))
                .order_by("period_on")
                .values("period_on")[:1]
            ),
            before_on=Subquery(before.order_by("-period_on").values("period_on")[:1]),
            before_minor=Subquery(before.order_by("-period_on").values("charge__amount_minor")[:1]),
            is_recovered=Exists(declined),
        )
        .order_by("period_on")
        .values_list(
            "pledge_id",
            "pledge__supporter_id",
            "period_on",
            "charge__amount_minor",
            "charge__currency",
            "pledge__source_page",
            "pledge__appeal",
            "pledge__imported_as",
            "provider",
            "first_on",
            "before_on",
            "before_minor",
            "is_recovered",
        )
    )
    for row in rows.iterator():
        yield Given(*row[:7], row[7] is not None, row[8] or "", *row[9:])


def _paid(interval: str) -> QuerySet[Due]:
    return Due.objects.filter(
        pledge__interval=interval,
        charge__state=Charge.State.SUCCEEDED,
        charge__amount_minor__gt=gone("charge__"),
    )


def _provider() -> Subquery:
    """Who moved the money."""
    succeeded = Attempt.objects.filter(charge=OuterRef("charge"), state=Attempt.State.SUCCEEDED)
    return Subquery(succeeded.values("provider")[:1])
