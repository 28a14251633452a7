"""Hearing from a provider. What it says is a hint: we go and look."""

from datetime import datetime

from tamizdat.payments import settling
from tamizdat.payments.models import Attempt, ProviderEvent
from tamizdat.payments.providers.base import Notice, Provider


def receive(notice: Notice, *, provider: Provider, now: datetime) -> ProviderEvent:
    """Note the event once, then resolve the attempt it is about. Repeating it is harmless.

    Raises Unreachable, and whatever a receiver of our signals raises: then it is not applied,
    and the provider should tell us again.
    """
    event, _ = ProviderEvent.objects.get_or_create(
        provider=provider.code,
        event_id=notice.event_id,
        defaults={"kind": notice.kind, "object_id": notice.object_id, "received_at": now},
    )
    if not event.applied_at and (attempt := _attempt(event, provider)):
        settling.resolve(attempt, now=now)
        ProviderEvent.objects.filter(pk=event.pk).update(applied_at=now)
        event.refresh_from_db()
    return event


def _attempt(event: ProviderEvent, provider: Provider) -> Attempt | None:
    """Ours, even when its id is not in our database yet: the crash came between call and commit."""
    attempts = Attempt.objects.filter(provider=provider.code)
    if attempt := attempts.filter(remote_id=event.object_id).first():
        return attempt
    remote = provider.fetch(remote_id=event.object_id)
    if remote is None:
        return None
    ours = attempts.filter(idempotency_key=remote.key)
    ours.open().filter(remote_id="", return_url__gt="").update(remote_id=remote.id)
    return ours.first()
