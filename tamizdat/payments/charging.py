"""Asking for money: by a page where the reader pays, or from an instrument that was kept."""

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tamizdat.payments import settling
from tamizdat.payments.errors import Declined, PaymentError, Unreachable, WrongState
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.models.attempt import key_of
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Page
from tamizdat.payments.silence import Silent

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkout:
    url: str  # where to send the reader


def open_checkout(
    *,
    charge: Charge,
    provider: str,
    keep_instrument: bool,
    return_url: str,
    language: str,
    now: datetime,
) -> Checkout:
    """Commit an attempt, then ask `provider` for the page where the reader pays. No money moves.

    Asked again while an attempt is under way, the reader is sent back to that one, so that
    two presses of a button are one payment.

    Raises Unreachable (nothing was taken, ask again), Declined (this provider will not do it),
    WrongState when the charge is paid or canceled.
    """
    page = Page(return_url=return_url, language=language, keep_instrument=keep_instrument)
    registry.get(provider)
    attempt = _checkout_under_way(charge) or _begin_checkout(charge, provider, page, now=now)
    if not attempt.is_before_money:
        return Checkout(attempt.return_url)
    try:
        remote = registry.get(attempt.provider).open(attempt.order, attempt.page)
    except Declined as no:
        settling.close_unpaid(attempt, reason=no.reason, is_hard=no.is_hard, now=now)
        raise
    with contextlib.suppress(WrongState):  # pressed twice: the other press was first
        attempt.move_to(Attempt.State.ACTION_REQUIRED, remote_id=remote.id)
    return Checkout(remote.url)


def charge_saved(*, charge: Charge, instrument: Instrument, now: datetime) -> Attempt:
    """Commit an attempt, then charge `instrument`. Returns the attempt, however it went.

    It is SENT when the provider gave no answer: `settling.resolve_open` will find out.

    Raises WrongState when the charge is paid, canceled, or has an attempt under way; NotSetUp,
    and begins nothing, when the newsroom no longer has the provider.
    """
    provider = registry.get(instrument.provider)
    attempt = _begin(charge, provider=provider.code, instrument=instrument, created_at=now)
    with contextlib.suppress(Unreachable):
        return settling.take(attempt, now=now)
    return attempt


def cancel(charge: Charge, *, now: datetime) -> Charge:
    """See to it that `charge` is never paid. One that is paid, or about to be, stays so.

    Raises Unreachable when its provider cannot be told: then it is not canceled.
    """
    for attempt in charge.attempts.open():
        settling.abandon(attempt, reason="canceled", now=now)
    with contextlib.suppress(WrongState):
        charge.move_to(Charge.State.CANCELED)
    charge.refresh_from_db()
    return charge


def try_to_cancel(charge: Charge, silent: Silent, *, now: datetime) -> bool:
    """Whether it is canceled. Where its provider is `silent`, or turns out to be, it is not yet."""
    asked = charge.attempts.open().first()
    if asked and asked.provider in silent:
        return False
    try:
        return cancel(charge, now=now).state == Charge.State.CANCELED
    except PaymentError as error:
        if asked:
            silent.note(asked.provider, error)
        logger.warning("%s cannot be called off: %s", charge, type(error).__name__)
        return False


def _checkout_under_way(charge: Charge) -> Attempt | None:
    return charge.attempts.open().exclude(return_url="").first()


def _begin_checkout(charge: Charge, provider: str, page: Page, *, now: datetime) -> Attempt:
    try:
        return _begin(
            charge,
            provider=provider,
            keep_instrument=page.keep_instrument,
            return_url=page.return_url,
            language=page.language,
            created_at=now,
        )
    except WrongState:
        if attempt := _checkout_under_way(charge):  # begun by another press meanwhile
            return attempt
        raise


# Durable: committed before anyone is called, so that a crash never loses what was asked.
@transaction.atomic(durable=True)
def _begin(charge: Charge, **fields: Any) -> Attempt:
    charge.move_to(Charge.State.OPEN)
    number = charge.attempts.count() + 1
    key = key_of(charge, number)
    return Attempt.objects.create(charge=charge, number=number, idempotency_key=key, **fields)
