"""Keeping another instrument of a reader's, without taking money from it."""

import contextlib
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tamizdat.payments.charging import Checkout
from tamizdat.payments.errors import Declined, PaymentError, Vetoed, WrongState
from tamizdat.payments.models import Instrument, Setup
from tamizdat.payments.providers import keeping as providers
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Remote, RemoteState
from tamizdat.payments.providers.keeping import KeepsInstruments
from tamizdat.payments.signals import before_keeping, instrument_kept
from tamizdat.payments.silence import Silent

LIFETIME = timedelta(hours=24)  # of a page that nobody finishes
QUIET = timedelta(minutes=5)

logger = logging.getLogger(__name__)


def open_setup(setup: Setup) -> Checkout:
    """The page where a reader names the instrument. `setup` is committed before this.

    Raises Unreachable, and Declined when this provider keeps no instruments, or will not.
    """
    if not setup.is_open:
        return Checkout(setup.return_url)
    remote = _keeper(setup.provider).open(setup.order, setup.page)
    with contextlib.suppress(WrongState):  # pressed twice: the other press was first
        setup.move_to(Setup.State.ACTION_REQUIRED, remote_id=remote.id)
    return Checkout(remote.url)


def resolve(setup: Setup, *, now: datetime) -> Setup:
    """Look whether the reader has named one; if its country may give, keep it. Repeatable.

    Raises Unreachable: then it stays as it was.
    """
    setup.refresh_from_db()
    if not setup.is_open or not setup.remote_id:
        return setup
    remote = _keeper(setup.provider).fetch(key=setup.key, remote_id=setup.remote_id)
    match remote and remote.state:
        case RemoteState.READY if remote:
            return _judge(setup, remote, now=now)
        case RemoteState.DECLINED if remote:
            return _close(setup, Setup.State.ABANDONED, reason=remote.reason, now=now)
        case RemoteState.CANCELED:
            return _close(setup, Setup.State.ABANDONED, reason="canceled", now=now)
    return setup


def abandon(setup: Setup, *, reason: str, now: datetime) -> Setup:
    """Have the provider forget the instrument, if one was named. Raises Unreachable."""
    return _forget(setup, Setup.State.ABANDONED, reason=reason, now=now)


def resolve_open(*, now: datetime) -> int:
    """Finish what its reader did not come back from. How many were closed."""
    closed, silent, quiet = 0, Silent(), list(Setup.objects.quiet(now=now, after=QUIET))
    random.shuffle(quiet)  # one of which nobody ever tells holds up none behind it for long
    for setup in quiet:
        if setup.provider in silent:
            continue
        try:
            setup = resolve(setup, now=now)
            if setup.is_open and setup.created_at <= now - LIFETIME:
                setup = abandon(setup, reason="left", now=now)
        except (PaymentError, WrongState) as error:
            silent.note(setup.provider, error)
            logger.warning("%s is still open: %s", setup, type(error).__name__)
        closed += not setup.is_open
    return closed


def _judge(setup: Setup, remote: Remote, *, now: datetime) -> Setup:
    """The rules for a gift hold for an instrument too: before it is kept, and once it is."""
    try:
        _let_veto(setup, country=remote.issuer_country, now=now)
    except Vetoed as veto:
        return _forget(setup, Setup.State.REFUSED, reason=veto.reason, now=now)
    try:
        kept = _keeper(setup.provider).keep(remote)
    except Declined as no:
        return _forget(setup, Setup.State.ABANDONED, reason=no.reason, now=now)
    return _only_once(setup, lambda: _write(setup, kept, at=now))


def _let_veto(setup: Setup, *, country: str, now: datetime) -> None:
    if not country:
        raise Vetoed("country_unknown")
    before_keeping.send(sender=Setup, setup=setup, issuer_country=country, now=now)


@transaction.atomic
def _write(setup: Setup, kept: Remote, *, at: datetime) -> None:
    instrument = Instrument.objects.create(
        provider=setup.provider,
        sealed_token=Instrument.seal(kept.token),
        issuer_country=kept.issuer_country,
        created_at=at,
    )
    setup.move_to(Setup.State.KEPT, instrument=instrument, closed_at=at)
    instrument_kept.send(sender=Setup, setup=setup, instrument=instrument, at=at)


def _forget(setup: Setup, state: Setup.State, *, reason: str, now: datetime) -> Setup:
    _keeper(setup.provider).cancel(key=setup.key, remote_id=setup.remote_id)
    return _close(setup, state, reason=reason, now=now)


def _close(setup: Setup, state: Setup.State, *, reason: str, now: datetime) -> Setup:
    return _only_once(setup, lambda: setup.move_to(state, reason=reason, closed_at=now))


def _only_once(setup: Setup, move: Callable[[], None]) -> Setup:
    """Move, unless another resolver was first."""
    with contextlib.suppress(WrongState):
        move()
    setup.refresh_from_db()
    return setup


def _keeper(code: str) -> KeepsInstruments:
    provider = registry.get(code)
    if not providers.can_keep(provider):
        raise Declined("keeps_nothing", is_hard=True)
    return provider
