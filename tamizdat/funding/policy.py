"""Where a gift can be held against whoever gave it, we do not take it."""

from collections.abc import Iterable
from datetime import date

from tamizdat.funding.methods import of_provider
from tamizdat.funding.models import RiskRule
from tamizdat.lib.once import once
from tamizdat.payments.errors import Vetoed

NEVER_FROM = "never_from_"  # how the reason of a refusal begins; the country follows


def verdict(country: str, interval: str, *, methods: Iterable[str], on: date) -> RiskRule.Action:
    """What to do with a gift from a bank of `country`, paid in one of these ways."""
    rule = deciding(country, interval, methods=methods, on=on)
    return RiskRule.Action(rule.action) if rule else RiskRule.Action.ASK


def refuse(country: str, interval: str, *, provider: str, on: date) -> None:
    """Raises Vetoed where a gift from a bank of `country`, through `provider`, would endanger."""
    if verdict(country, interval, methods=of_provider(provider), on=on) == RiskRule.Action.NEVER:
        raise Vetoed(f"{NEVER_FROM}{country}")


def deciding(
    country: str,
    interval: str,
    *,
    methods: Iterable[str],
    on: date,
    draft: RiskRule | None = None,
) -> RiskRule | None:
    """The strictest rule in force; `draft` is taken for saved.

    For one kind of gift and one way to pay the latest rule that has begun counts; what is said of
    any and what is said of this one all hold. So do those of several `methods`, where one provider
    takes them all and we cannot tell which it was.
    """
    kinds = _kinds(interval, methods)
    begun = RiskRule.objects.filter(country=country, starts_on__lte=on)
    rules = [
        rule
        for rule in once(("rules", country, on), lambda: list(begun))
        if not draft or rule.pk != draft.pk
    ]
    if draft and draft.country == country and draft.starts_on <= on:
        rules.append(draft)
    return _strictest(rule for rule in rules if (rule.interval, rule.method) in kinds)


def never_from(interval: str, *, method: str, on: date) -> list[str]:
    """The countries from which nothing may be taken in this way, in alphabetical order."""
    kinds = _kinds(interval, [method])
    by_country: dict[str, list[RiskRule]] = {}
    for rule in RiskRule.objects.filter(starts_on__lte=on).order_by("country"):
        if (rule.interval, rule.method) in kinds:
            by_country.setdefault(rule.country, []).append(rule)
    strictest = {country: _strictest(rules) for country, rules in by_country.items()}
    return [
        country
        for country, rule in strictest.items()
        if rule and rule.action == RiskRule.Action.NEVER
    ]


def not_thought_of(methods: Iterable[str]) -> list[str]:
    """Those of these ways to pay of which no rule says anything, for any country."""
    ruled = set(RiskRule.objects.values_list("method", flat=True))
    is_ruled = RiskRule.Method.ANY in ruled
    return [] if is_ruled else [method for method in methods if method not in ruled]


def _kinds(interval: str, methods: Iterable[str]) -> set[tuple[str, str]]:
    intervals, ways = (RiskRule.Interval.ANY, interval), (RiskRule.Method.ANY, *methods)
    return {(str(one), str(other)) for one in intervals for other in ways}


def _strictest(rules: Iterable[RiskRule]) -> RiskRule | None:
    # Sorted by day, the last of each kind stays; of the same day, the draft, which comes last.
    by_day = sorted(rules, key=lambda rule: rule.starts_on)
    latest = {(rule.interval, rule.method): rule for rule in by_day}
    return max(
        latest.values(),
        key=lambda rule: _STRICTNESS.index(RiskRule.Action(rule.action)),
        default=None,
    )


_STRICTNESS = [RiskRule.Action.ASK, RiskRule.Action.WARN, RiskRule.Action.NEVER]
