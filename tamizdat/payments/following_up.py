"""What happens to a payment after it succeeded. Each thing is applied once, and forward only."""

from datetime import datetime
from itertools import filterfalse

from tamizdat.lib.money import Money
from tamizdat.payments import booking, disputing, refunding
from tamizdat.payments.errors import Unexplained
from tamizdat.payments.models import Attempt, KeptLine
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.account import DisputeState
from tamizdat.payments.providers.base import Remote, RemoteRefund, RemoteState


def look(attempt: Attempt, *, now: datetime) -> None:
    """Ask the provider what went back of a payment, is disputed, or was kept as its fee.

    Raises Unreachable; Unexplained when it tells of other money than can be.
    """
    provider = registry.get(attempt.provider)
    remote = provider.fetch(key=attempt.idempotency_key, remote_id=attempt.remote_id)
    if remote is None or remote.state is not RemoteState.SUCCEEDED:
        raise Unexplained(f"{attempt} succeeded, and its provider does not say so any more")
    if (remote.id, _came(remote)) != (attempt.remote_id, attempt.charge.money):
        raise Unexplained(f"{attempt} and {remote.id} are not about the same money")
    apply(attempt, remote, now=now)


def apply(attempt: Attempt, remote: Remote, *, now: datetime) -> None:
    """Book what `remote` says and the books do not. Raises Unreachable, Unexplained."""
    _settle(attempt, remote, now=now)
    # What came back, or what a dispute returned, may have gone again since: that is first.
    for refund in filter(_has_failed, remote.refunds):
        refunding.follow(attempt, refund, now=now)
    for dispute in sorted(remote.disputes, key=lambda each: each.state is DisputeState.OPEN):
        disputing.follow(attempt, dispute, now=now)
    for refund in filterfalse(_has_failed, remote.refunds):
        refunding.follow(attempt, refund, now=now)


def has_news(remote: Remote) -> bool:
    """Whether there is more to it than a sum and a fee in one currency."""
    return bool(remote.settled or remote.refunds or remote.disputes)


def _settle(attempt: Attempt, remote: Remote, *, now: datetime) -> None:
    """Its fee, and what it became in the currency of the balance, as far as that is known."""
    if not remote.fee.minor and remote.settled is None:
        return
    key = booking.key_of(attempt.provider, attempt.remote_id)
    if KeptLine.objects.filter(provider=attempt.provider, key=key).exists():
        return  # the provider's account has the last word, and has spoken
    booking.correct(
        key,
        provider=attempt.provider,
        gross=remote.settled or _came(remote),
        fee=remote.fee,
        at=now,
    )


def _has_failed(refund: RemoteRefund) -> bool:
    return refund.has_failed


def _came(remote: Remote) -> Money:
    """What its giver really sent, where that may be another sum than was asked for."""
    return remote.arrived or remote.money
