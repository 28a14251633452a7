"""Stopping at once: an order that every worker obeys, and a sweep that leaves nothing to charge.

The order comes first and holds by itself: an attempt is committed before the order is looked for,
and the order is committed before attempts are looked for, so that one always finds the other.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from tamizdat.funding import methods
from tamizdat.funding.models import Due, HaltOrder, Letter, Pledge
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.lib.once import once
from tamizdat.payments import settling
from tamizdat.payments.errors import Vetoed
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.models.attempt import AttemptQuerySet
from tamizdat.payments.providers import registry
from tamizdat.payments.silence import Silent

logger = logging.getLogger(__name__)

HALTED = "halted"  # the reason of a refusal, when it is not for a country
_AT_ONCE = 500

Watch = Callable[[Iterable[Attempt], int], Iterable[Attempt]]


class NotInForce(Exception):
    """The order was lifted before."""


class NotReached(Exception):
    """What was asked for before the order may still be taken; `report` counts it by provider."""

    def __init__(self, report: "Report") -> None:
        super().__init__(f"{report.attempts_not_reached} attempts of {report.scope}")
        self.report = report


@dataclass(frozen=True)
class Scope:
    """Of which instruments: a country's, a provider's, or all there are."""

    country: str = ""
    provider: str = ""

    def __str__(self) -> str:
        return self.country or self.provider or "all"

    @property
    def refusal(self) -> str:
        return f"{NEVER_FROM}{self.country}" if self.country else HALTED

    def instruments(self) -> QuerySet[Instrument]:
        return Instrument.objects.filter(**self._of_instruments())

    def pledges(self) -> QuerySet[Pledge]:
        """Those that are concerned and have not ended."""
        begun = Pledge.objects.filter(state__in=Pledge.CAME_FROM[Pledge.State.HALTED])
        if not (self.country or self.provider):
            return begun
        return begun.filter(Q(**self._of_instruments("instrument__")) | self._are_sent())

    def attempts(self, *, until: datetime) -> AttemptQuerySet:
        """Open ones that are concerned, and those of which only the provider knows the country.

        What its reader began after `until` meets the order before any money is asked for.
        """
        attempts = Attempt.objects.open().select_related("instrument", "charge")
        if self.provider:
            return attempts.filter(provider=self.provider)
        if self.country:
            unknown = Q(instrument=None, created_at__lte=until)
            return attempts.filter(Q(instrument__issuer_country=self.country) | unknown)
        return attempts

    def _are_sent(self) -> Q:
        """Those for which no instrument is charged, by where their gifts came from."""
        came = Q(charge__attempts__provider=self.provider)
        if self.country:
            came = Q(charge__attempts__bank_line__country=self.country)
        dues = Due.objects.filter(came, pledge__state=Pledge.State.STANDING)
        return Q(pk__in=dues.values("pledge"))

    def _of_instruments(self, prefix: str = "") -> dict[str, str]:
        if self.country:
            return {f"{prefix}issuer_country": self.country}
        return {f"{prefix}provider": self.provider} if self.provider else {}


@dataclass
class Report:
    """What one run of a halt did, in counts."""

    scope: Scope
    order: int | None  # none yet, in a rehearsal
    at: datetime
    pledges_halted: int = 0
    instruments_revoked: int = 0
    attempts_canceled: int = 0
    attempts_taken_before: int = 0  # the provider had taken the money already; it is booked
    attempts_pending: int = 0  # asked for before, and the provider is not certain yet
    attempts_waiting: int = 0  # no country is known yet; refused as soon as it is this one
    not_reached: Counter[str] = field(default_factory=Counter)  # by provider

    @property
    def attempts_not_reached(self) -> int:
        return self.not_reached.total()


def _unwatched(attempts: Iterable[Attempt], count: int) -> Iterable[Attempt]:  # noqa: ARG001
    return attempts


def halt(scope: Scope, *, reason: str, now: datetime, watch: Watch = _unwatched) -> Report:
    """Take nothing from there any more. Repeating it sweeps again, under the same order.

    When this has returned no worker asks for money there. What a provider could not be told is
    counted in the report, and told again by `enforce`.
    """
    order, _ = HaltOrder.objects.get_or_create(
        country=scope.country,
        provider=scope.provider,
        lifted_at=None,
        defaults={"reason": reason, "ordered_at": now},
    )
    report = Report(scope, order.pk, now)
    _sweep(report)
    attempts = list(scope.attempts(until=now))
    for attempt in watch(attempts, len(attempts)):
        _call_off(attempt, report, Silent())  # each is tried: nothing is more urgent
    return report


def rehearse(scope: Scope, *, now: datetime) -> Report:
    """What `halt` would find. Changes nothing and asks no provider."""
    attempts = scope.attempts(until=now)
    waiting = attempts.filter(instrument=None).count() if scope.country else 0
    return Report(
        scope,
        None,
        now,
        pledges_halted=scope.pledges().count(),
        instruments_revoked=scope.instruments().exclude(state=Instrument.State.REVOKED).count(),
        attempts_canceled=attempts.count() - waiting,
        attempts_waiting=waiting,
    )


def enforce(*, now: datetime) -> int:
    """Sweep again for every order in force, and tell providers what they did not hear."""
    done, silent = 0, Silent()
    in_force = HaltOrder.objects.in_force()
    for order in in_force.order_by("pk"):
        if not in_force.filter(pk=order.pk).exists():  # lifted while others were called off
            continue
        report = Report(_scope(order), order.pk, now)
        _sweep(report)
        _call_off_all(report.scope.attempts(until=order.ordered_at).quiet(now=now), report, silent)
        done += report.pledges_halted + report.attempts_canceled
    return done


def lift(order: HaltOrder, *, reason: str, now: datetime) -> None:
    """Let new gifts be taken there. What was halted stays so.

    Raises NotInForce; and NotReached, and stays in force, while a provider cannot be told to take
    nothing of what was asked for before: it would be taken afterwards.
    """
    in_force = HaltOrder.objects.in_force().filter(pk=order.pk)
    if not in_force.exists():  # else what began since would be halted
        raise NotInForce(order)
    report = Report(_scope(order), order.pk, now)
    _sweep(report)  # what came in since the last round of the worker
    _call_off_all(report.scope.attempts(until=order.ordered_at), report, Silent())
    if report.attempts_not_reached:
        raise NotReached(report)
    if not in_force.update(lifted_at=now, lifted_reason=reason):
        raise NotInForce(order)
    order.refresh_from_db()


def refusal(*, provider: str, country: str = "") -> str:
    """Why nothing may be taken there now; empty if it may."""

    def read() -> HaltOrder | None:
        # That of a country tells its reader most.
        orders = HaltOrder.objects.over(provider=provider, country=country)
        return orders.order_by("-country").first()

    order = once(("orders", provider, country), read)
    return _scope(order).refusal if order else ""


def refuse(*, provider: str, country: str = "") -> None:
    """Raises Vetoed if an order forbids taking money there."""
    if reason := refusal(provider=provider, country=country):
        raise Vetoed(reason)


def forbids(instrument: Instrument | None) -> bool:
    """Whether this one may not be charged."""
    return instrument is not None and bool(
        refusal(provider=instrument.provider, country=instrument.issuer_country)
    )


def is_everything_halted() -> bool:
    """Whether no gift can be taken through any provider."""
    orders = HaltOrder.objects.in_force().filter(country="")
    halted = set(orders.values_list("provider", flat=True))
    codes = {provider.code for provider in registry.all_of_them()}
    return "" in halted or bool(codes and codes <= halted)


def _scope(order: HaltOrder) -> Scope:
    return Scope(country=order.country, provider=order.provider)


def _sweep(report: Report) -> None:
    """Halt the pledges and revoke the instruments that are left, in steps that are each whole."""
    while _halt_some(report):
        pass
    left = report.scope.instruments().exclude(state=Instrument.State.REVOKED)
    report.instruments_revoked += left.update(state=Instrument.State.REVOKED)


@transaction.atomic
def _halt_some(report: Report) -> int:
    # Locked in one order, as whoever locks several pledges does, so that nobody waits in a circle.
    some = report.scope.pledges().select_for_update(no_key=True, of=("self",)).order_by("pk")
    pledges = {pledge.pk: pledge.instrument_id for pledge in some[:_AT_ONCE]}
    instruments = Instrument.objects.filter(pk__in=filter(None, pledges.values()))
    Pledge.objects.filter(pk__in=pledges).update(state=Pledge.State.HALTED, next_due_on=None)
    left = instruments.exclude(state=Instrument.State.REVOKED)
    report.instruments_revoked += left.update(state=Instrument.State.REVOKED)
    # No mail: it could be read by the wrong person.
    Letter.objects.filter(pledge__in=pledges).delete()
    report.pledges_halted += len(pledges)
    return len(pledges)


def _call_off_all(attempts: Iterable[Attempt], report: Report, silent: Silent) -> None:
    """Those that are `silent`, or turn out to be, are counted and not asked again."""
    for attempt in attempts:
        if attempt.provider in silent:
            report.not_reached[attempt.provider] += 1
        else:
            _call_off(attempt, report, silent)


def _call_off(attempt: Attempt, report: Report, silent: Silent) -> None:
    scope = report.scope
    try:
        if not _is_concerned(attempt, scope):
            report.attempts_waiting += 1
            return
        reason = HALTED if methods.is_blind(attempt.provider) else scope.refusal
        attempt = settling.abandon(attempt, reason=reason, is_hard=True, now=report.at)
    except Exception as error:  # noqa: BLE001 one attempt does not keep us from the others
        # Without its message, which may quote a row or a token.
        logger.warning("%s is not called off: %s", attempt, type(error).__name__)
        silent.note(attempt.provider, error)
        report.not_reached[attempt.provider] += 1
        return
    if attempt.state == Attempt.State.SUCCEEDED:
        report.attempts_taken_before += 1
    elif attempt.is_open:
        report.attempts_pending += 1
    else:
        report.attempts_canceled += 1


def _is_concerned(attempt: Attempt, scope: Scope) -> bool:
    """Of a reader who is at the provider's page only the provider knows the country yet."""
    is_known = not scope.country or attempt.instrument is not None
    # Where no provider tells it, whoever is there said nothing of this country yet.
    if is_known or methods.is_blind(attempt.provider):
        return True
    return settling.issuer_country(attempt) == scope.country
