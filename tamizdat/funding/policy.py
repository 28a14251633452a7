"""Where a gift can be held against whoever gave it, we do not take it."""

from datetime import date

from tamizdat.funding.models import RiskRule

NEVER_FROM = "never_from_"  # how the reason of a refusal begins; the country follows


def verdict(country: str, interval: str, *, on: date) -> RiskRule.Action:
    """What to do with a gift from a bank of `country`: the strictest rule in force for it.

    For one kind of gift the latest rule that has begun counts; what is said of any gift
    and what is said of this one both hold.
    """
    answer = RiskRule.Action.ASK
    for kind in (RiskRule.Interval.ANY, interval):
        begun = RiskRule.objects.filter(country=country, interval=kind, starts_on__lte=on)
        if (rule := begun.order_by("starts_on").last()) is not None:
            answer = max(answer, RiskRule.Action(rule.action), key=_STRICTNESS.index)
    return answer


_STRICTNESS = [RiskRule.Action.ASK, RiskRule.Action.WARN, RiskRule.Action.NEVER]
