"""Charging many kept instruments with few commits.

Each attempt goes through the states that it would go through alone, under the same guards, and
the same is looked at again before the same question. Only what is written is written for many in
one transaction. Whatever is not plainly paid is settled alone.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Value, When

from tamizdat.ledger import books
from tamizdat.lib.once import reading_once
from tamizdat.payments import following_up, settling
from tamizdat.payments.errors import Declined, Unreachable, Vetoed, WrongState
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.models.attempt import key_of
from tamizdat.payments.models.charge import written
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Remote, RemoteState
from tamizdat.payments.signals import (
    Success,
    before_charges,
    charge_succeeded,
    charges_succeeded,
)
from tamizdat.payments.silence import Silent

FRESH_SECONDS = 1.0  # how long what was looked at together may be relied on

logger = logging.getLogger(__name__)


def begin(asked: Sequence[tuple[Charge, Instrument]], *, now: datetime) -> list[Attempt]:
    """Write new charges with their first attempts. To be committed, and then taken."""
    for charge, _ in asked:
        charge.state = Charge.State.OPEN
    Charge.objects.bulk_create(charge for charge, _ in asked)
    return Attempt.objects.bulk_create(
        Attempt(
            charge=charge,
            provider=instrument.provider,
            number=1,
            idempotency_key=key_of(charge, 1),
            instrument=instrument,
            created_at=now,
        )
        for charge, instrument in asked
    )


def take(attempts: Sequence[Attempt], *, now: datetime, silent: Silent | None = None) -> None:
    """Ask for the money of each, and book what was taken. Where nobody answers, it stays SENT.

    Of a provider that is `silent`, or turns out to be, no more is asked: the chore settles it.
    """
    left, silent = list(attempts), Silent() if silent is None else silent
    while left := [attempt for attempt in left if attempt.provider not in silent]:
        fresh_until = time.monotonic() + FRESH_SECONDS
        through, refused = _look(left, silent, now=now)
        sent = _mark_sent(through, now=now)
        taken, left = _ask_while_fresh(sent, fresh_until, silent, now=now)
        if taken:
            _succeed_or_settle(taken, silent, at=now)
        if left == sent:  # looking at all took too long to ask even one
            left = _take_first(left, silent, now=now)
        _abandon(refused, silent, now=now)  # after the others were asked: it takes its time


def _ask_while_fresh(
    attempts: Sequence[Attempt], fresh_until: float, silent: Silent, *, now: datetime
) -> tuple[list[tuple[Attempt, Remote]], list[Attempt]]:
    """What was taken, and whom to look at again before they are asked."""
    taken: list[tuple[Attempt, Remote]] = []
    for n, attempt in enumerate(attempts):
        if time.monotonic() > fresh_until:
            return taken, list(attempts[n:])
        if attempt.provider in silent:
            continue
        with _alone(attempt, silent):
            if remote := _ask(attempt, now=now):
                taken.append((attempt, remote))
    return taken, []


def _take_first(attempts: Sequence[Attempt], silent: Silent, *, now: datetime) -> list[Attempt]:
    """Look at one by itself, and ask for it at once. Returns the others."""
    for attempt in attempts[:1]:
        with _alone(attempt, silent):
            settling.take(attempt, now=now)
    return list(attempts[1:])


def _look(
    attempts: Sequence[Attempt], silent: Silent, *, now: datetime
) -> tuple[list[Attempt], dict[Attempt, str]]:
    """Those whom nobody refuses, and the others with the reason."""
    through: list[Attempt] = []
    refused: dict[Attempt, str] = {}
    with reading_once():
        before_charges.send(sender=Charge, charges=[attempt.charge for attempt in attempts])
        for attempt in attempts:
            with _alone(attempt, silent):
                try:
                    settling.let_veto(attempt, issuer_country=_country(attempt), now=now)
                    through.append(attempt)
                except Vetoed as veto:
                    refused[attempt] = veto.reason
    return through, refused


def _abandon(refused: Mapping[Attempt, str], silent: Silent, *, now: datetime) -> None:
    for attempt, reason in refused.items():
        if attempt.provider in silent:
            continue
        with _alone(attempt, silent):
            settling.abandon(attempt, reason=reason, is_hard=True, now=now)


def _mark_sent(attempts: Sequence[Attempt], *, now: datetime) -> list[Attempt]:
    """Commit that money is asked for; those that were closed meanwhile are left out.

    Looked at again, they are SENT already, and nobody was asked: a name would say so.
    """
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts])
    before = rows.filter(state__in=Attempt.BEFORE_MONEY, remote_id="")
    before.update(state=Attempt.State.SENT, sent_at=now)
    sent = set(rows.filter(state=Attempt.State.SENT, remote_id="").values_list("pk", flat=True))
    found = [attempt for attempt in attempts if attempt.pk in sent]
    for attempt in found:
        written(attempt, state=Attempt.State.SENT, sent_at=now)
    return found


def _ask(attempt: Attempt, *, now: datetime) -> Remote | None:
    """What the provider took; None when it is anything else, and settled."""
    if attempt.instrument is None:
        raise WrongState(f"{attempt} has nothing to charge")
    provider = registry.get(attempt.provider)
    try:
        remote = provider.charge_saved(attempt.order, token=attempt.instrument.token)
    except Declined as no:
        settling.abandon(attempt, reason=no.reason, is_hard=no.is_hard, now=now)
        return None
    settling.check_money(attempt, remote)
    if remote.state is RemoteState.SUCCEEDED and not following_up.has_news(remote):
        return remote
    settling.heed(attempt, remote, now=now)
    return None


def _succeed_or_settle(
    taken: Sequence[tuple[Attempt, Remote]], silent: Silent, *, at: datetime
) -> None:
    try:
        _succeed(taken, at=at)
    except Exception as error:  # noqa: BLE001 somebody was at one of them: each for itself
        logger.info("many are booked one by one: %s", type(error).__name__)
        for attempt, remote in taken:
            with _alone(attempt, silent):
                attempt.refresh_from_db()
                settling.heed(attempt, remote, now=at)


@transaction.atomic
def _succeed(taken: Sequence[tuple[Attempt, Remote]], *, at: datetime) -> None:
    _close_attempts(taken, at=at)
    _close_charges([attempt.charge for attempt, _ in taken], at=at)
    books.post_all([settling.entry_of(attempt, remote, at=at) for attempt, remote in taken])
    successes = []
    for attempt, remote in taken:
        written(attempt, state=Attempt.State.SUCCEEDED, remote_id=remote.id, closed_at=at)
        written(attempt.charge, state=Charge.State.SUCCEEDED, succeeded_at=at)
        success = Success(attempt.charge, attempt, attempt.instrument)
        charge_succeeded.send(
            sender=Charge, **success._asdict(), remote=remote, at=at, is_among_many=True
        )
        successes.append(success)
    charges_succeeded.send(sender=Charge, successes=successes, at=at)


def _close_attempts(taken: Sequence[tuple[Attempt, Remote]], *, at: datetime) -> None:
    ids = [When(pk=attempt.pk, then=Value(remote.id)) for attempt, remote in taken]
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt, _ in taken])
    # The same UPDATE as for one: of two who close an attempt, one wins, and the other has it all
    # rolled back.
    closed = rows.filter(state__in=Attempt.OPEN, remote_id="").update(
        state=Attempt.State.SUCCEEDED, remote_id=Case(*ids), closed_at=at
    )
    if closed != len(taken):
        raise WrongState("one of many was closed meanwhile")


def _close_charges(charges: Sequence[Charge], *, at: datetime) -> None:
    rows = Charge.objects.filter(pk__in=[charge.pk for charge in charges], state=Charge.State.OPEN)
    if rows.update(state=Charge.State.SUCCEEDED, succeeded_at=at) != len(charges):
        raise WrongState("one of many is not open")


def _country(attempt: Attempt) -> str:
    return attempt.instrument.issuer_country if attempt.instrument else ""


class _alone:
    """What one attempt meets is no reason to leave the others."""

    def __init__(self, attempt: Attempt, silent: Silent) -> None:
        self.attempt, self.silent = attempt, silent

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.silent.note(self.attempt.provider, error)
        if not isinstance(error, Unreachable):
            logger.warning("%s: %s", self.attempt, type(error).__name__)
        return True
