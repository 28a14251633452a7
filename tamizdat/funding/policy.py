"""Where a gift can be held against whoever gave it, we do not take it."""

from datetime import date

from tamizdat.funding.models import RiskRule

NEVER_FROM = "never_from_"  # how the reason of a refusal begins; the country follows


def verdict(country: str, interval: str, *, on: date) -> RiskRule.Action:
    """What to do with a gift from a bank of `country`."""
    rule = deciding(country, interval, on=on)
    return RiskRule.Action(rule.action) if rule else RiskRule.Action.ASK


def deciding(
    country: str, interval: str, *, on: date, draft: RiskRule | None = None
) -> RiskRule | None:
    """The strictest rule in force; `draft` is taken for saved.

    For one kind of gift the latest rule that has begun counts; what is said of any gift
    and what is said of this one both hold.
    """
    kinds = (RiskRule.Interval.ANY, interval)
    rules = list(RiskRule.objects.filter(country=country, interval__in=kinds, starts_on__lte=on))
    if draft and (draft.country, draft.interval in kinds) == (country, True):
        rules = [rule for rule in rules if rule.pk != draft.pk]
        rules += [draft] if draft.starts_on <= on else []
    # Sorted by day, the last of each kind stays; of the same day, the draft.
    latest = {rule.interval: rule for rule in sorted(rules, key=lambda rule: rule.starts_on)}
    strictest = [latest[kind] for kind in kinds if kind in latest]
    return max(
        strictest, key=lambda rule: _STRICTNESS.index(RiskRule.Action(rule.action)), default=None
    )


_STRICTNESS = [RiskRule.Action.ASK, RiskRule.Action.WARN, RiskRule.Action.NEVER]
