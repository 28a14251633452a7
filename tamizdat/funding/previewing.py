"""What a reader with a card of some country is told, on some day, kind of gift by kind of gift."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from tamizdat.funding import halting, policy, wording
from tamizdat.funding.models import AmountLadder, RiskRule

KINDS = AmountLadder.Interval


@dataclass(frozen=True)
class Seen:
    interval: str
    action: RiskRule.Action
    sentence: str  # what the reader is told; empty where they are asked like everybody
    rule: RiskRule | None  # that decides; none where there is none, or a halt decides
    is_halted: bool


def of(country: str, *, on: date, language: str, draft: RiskRule | None = None) -> list[Seen]:
    """For each kind of gift; `draft` counts as if it were saved."""
    refusal = halting.refusal(provider="", country=country)
    with translation.override(language):
        return [_of(country, kind.value, refusal, on=on, draft=draft) for kind in KINDS]


def _of(country: str, interval: str, refusal: str, *, on: date, draft: RiskRule | None) -> Seen:
    if refusal:
        sentence = wording.refusal(refusal)
        return Seen(interval, RiskRule.Action.NEVER, sentence, rule=None, is_halted=True)
    rule = policy.deciding(country, interval, on=on, draft=draft)
    action = RiskRule.Action(rule.action) if rule else RiskRule.Action.ASK
    sentences = {
        RiskRule.Action.NEVER: wording.endangered,
        RiskRule.Action.WARN: wording.warning,
    }
    sentence = sentences[action](country) if action in sentences else ""
    if action == RiskRule.Action.WARN and interval == KINDS.ONCE:
        sentence = ""  # of a gift made once no country is kept, so its page cannot warn
    return Seen(interval, action, sentence, rule=rule, is_halted=False)
