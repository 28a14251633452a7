"""Hearing from a provider. What it says is a hint: we go and look.

It is answered as soon as the hint is kept, and the worker looks: so a provider that tells much at
once finds us there, and none has to tell us again because another part of us was not.
"""

import logging
from datetime import datetime

from tamizdat.payments import settling
from tamizdat.payments.errors import NotOurs
from tamizdat.payments.models import Attempt, ProviderEvent
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Notice, Provider
from tamizdat.payments.silence import Silent

logger = logging.getLogger(__name__)


def note(notice: Notice, *, provider: Provider, now: datetime) -> None:
    """Keep the event, once. When this has returned, the provider may forget it."""
    event = ProviderEvent(
        provider=provider.code,
        event_id=notice.event_id,
        kind=notice.kind,
        object_id=notice.object_id,
        received_at=now,
    )
    ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)


def look_at_noted(*, now: datetime) -> int:
    """Resolve what the events that wait are about, also what has succeeded, oldest first.

    How many were looked into.
    Where that fails the event waits a while, and no other waits for it; but of a provider that
    does not answer no more is asked in this round.
    """
    looked_into, silent = 0, Silent()
    for event in ProviderEvent.objects.waiting(now=now).order_by("pk"):
        if event.provider in silent:
            continue
        try:
            _look(event, now=now)
            looked_into += 1
        except Exception as error:  # noqa: BLE001 one event does not stop the others
            silent.note(event.provider, error)
            # Without its message, which may quote a row.
            _wait(event, type(error).__name__, now=now)
    return looked_into


def _look(event: ProviderEvent, *, now: datetime) -> None:
    if attempt := find(event.object_id, registry.get(event.provider)):
        settling.resolve(attempt, now=now)
    ProviderEvent.objects.filter(pk=event.pk).update(applied_at=now)


def _wait(event: ProviderEvent, why: str, *, now: datetime) -> None:
    logger.warning("%s waits: %s", event, why)
    ProviderEvent.objects.filter(pk=event.pk).update(checked_at=now)


def find(payment_id: str, provider: Provider) -> Attempt | None:
    """Ours, even when its id is not in our database yet: the crash came between call and commit.

    None when it is none of ours, or the provider knows no such payment. Raises Unreachable.
    """
    attempts = Attempt.objects.filter(provider=provider.code)
    if attempt := attempts.filter(remote_id=payment_id).first():
        return attempt
    try:
        remote = provider.fetch(remote_id=payment_id)
    except NotOurs:
        return None
    if remote is None:
        return None
    ours = attempts.filter(idempotency_key=remote.key)
    ours.open().filter(remote_id="", return_url__gt="").update(remote_id=remote.id)
    return ours.first()
