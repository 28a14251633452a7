"""How long kept instruments live: looked at weekly, since banks replace cards quietly."""

import logging
from datetime import datetime

from tamizdat.lib.vault import CannotOpen
from tamizdat.payments.errors import PaymentError
from tamizdat.payments.models import Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider
from tamizdat.payments.providers.keeping import can_keep
from tamizdat.payments.silence import Silent

AT_ONCE = 200  # a round, of each provider

logger = logging.getLogger(__name__)


def look_at(instrument: Instrument, *, now: datetime) -> None:
    """Ask its provider for its last day. Raises Unreachable."""
    provider = registry.get(instrument.provider)
    expires_on = provider.expiry_of(instrument.token) if can_keep(provider) else None
    instrument.note_expiry(expires_on, now=now)


def follow_updates(*, now: datetime) -> int:
    """Look at every instrument that nobody looked at for a week, where it is kept. How many."""
    return sum(_follow_at(provider, now=now) for provider in registry.all_of_them())


def _follow_at(provider: Provider, *, now: datetime) -> int:
    looked, silent = 0, Silent()
    theirs = Instrument.objects.to_look_at(now=now).filter(provider=provider.code)
    for instrument in theirs.some(AT_ONCE):
        if silent:
            break
        try:
            look_at(instrument, now=now)
            looked += 1
        except PaymentError as error:
            silent.note(instrument.provider, error)
            logger.warning("%s does not tell: %s", instrument.provider, type(error).__name__)
        except CannotOpen:
            logger.warning("%s cannot be opened", instrument)
    return looked
