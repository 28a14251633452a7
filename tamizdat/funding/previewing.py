"""What a reader of some country who pays in some way is told, on some day, gift by gift."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from tamizdat.funding import halting, methods, policy, wording
from tamizdat.funding.models import AmountLadder, RiskRule

KINDS = AmountLadder.Interval


@dataclass(frozen=True)
class Seen:
    interval: str
    action: RiskRule.Action
    sentence: str  # what the reader is told; empty where they are asked like everybody
    rule: RiskRule | None  # that decides; none where there is none, or a halt decides
    is_halted: bool
    is_asked: bool = False  # to say that they are not there: this way nobody tells us
    alike: tuple[str, ...] = ()  # other ways that a rule of one way holds for, by name


@dataclass(frozen=True)
class _Reader:
    country: str
    method: str
    on: date


def of(
    country: str, *, method: str, on: date, language: str, draft: RiskRule | None = None
) -> list[Seen]:
    """For each kind of gift; `draft` counts as if it were saved."""
    reader = _Reader(country, method, on)
    with translation.override(language):
        return [_of(reader, kind.value, draft) for kind in KINDS]


def _of(reader: _Reader, interval: str, draft: RiskRule | None) -> Seen:
    refusal = halting.refusal(provider="", country=reader.country)
    ways = methods.not_told_apart(reader.method)
    rule = policy.deciding(reader.country, interval, methods=ways, on=reader.on, draft=draft)
    action = RiskRule.Action(rule.action) if rule else RiskRule.Action.ASK
    if refusal:
        rule, action = None, RiskRule.Action.NEVER
    is_never, is_told = action == RiskRule.Action.NEVER, methods.learns_country(reader.method)
    is_asked = is_never and not is_told and refusal != halting.HALTED
    if is_asked:
        sentence = wording.attestation([reader.country])
    elif is_never:
        sentence = wording.refusal(refusal or f"{policy.NEVER_FROM}{reader.country}")
    else:
        sentence = _warning(reader, interval) if action == RiskRule.Action.WARN else ""
    alike = _alike(reader.method, ways) if rule and rule.method != RiskRule.Method.ANY else ()
    return Seen(interval, action, sentence, rule, bool(refusal), is_asked, alike)


def _alike(method: str, ways: list[str]) -> tuple[str, ...]:
    """What whoever takes `method` cannot tell from it, by its name in the desk."""
    names = dict(RiskRule.Method.choices)
    return tuple(str(names.get(way, way)) for way in ways if way != method)


def _warning(reader: _Reader, interval: str) -> str:
    """Of a gift made once, or in a way that tells no country, none is kept: no page can warn."""
    is_kept = interval != KINDS.ONCE and methods.learns_country(reader.method)
    return wording.warning(reader.country) if is_kept else ""
