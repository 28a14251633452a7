"""Cards that are never charged again: their provider keeps them no longer, and so do we."""

import contextlib
import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from tamizdat.lib.vault import CannotOpen
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.models import Attempt, Instrument
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider

AT_ONCE = 50  # a round, of each provider

logger = logging.getLogger(__name__)


def forget_revoked(*, now: datetime) -> int:
    """Have providers forget what was revoked, once nothing is asked of it; then forget it here.

    How many were forgotten. What a provider will not forget is tried again the next day; one that
    does not answer is asked again in the next round, one that is not set up once it is.
    """
    return sum(_forget_at(provider, now=now) for provider in registry.all_of_them())


def _forget_at(provider: Provider, *, now: datetime) -> int:
    asked = Attempt.objects.open().filter(instrument=OuterRef("pk"))
    revoked = Instrument.objects.to_forget(now=now).filter(provider=provider.code)
    tokens = _opened(revoked.exclude(Exists(asked)).some(AT_ONCE), now=now)
    in_use = _in_use(provider, set(tokens.values()))
    forgotten = 0
    for instrument, token in tokens.items():
        try:
            if token not in in_use:
                provider.forget(token)
        except Declined as no:
            logger.warning("%s is still kept: %s", instrument, no.reason)
            instrument.note_still_kept(now=now)
        except Unreachable:
            logger.warning("%s does not answer", provider.code)
            break
        else:
            instrument.forget()
            forgotten += 1
    return forgotten


def _opened(instruments: Iterable[Instrument], *, now: datetime) -> dict[Instrument, str]:
    tokens = {}
    for instrument in instruments:
        try:
            tokens[instrument] = instrument.token
        except CannotOpen:
            logger.warning("%s cannot be opened", instrument)
            instrument.note_still_kept(now=now)
    return tokens


def _in_use(provider: Provider, tokens: set[str]) -> set[str]:
    """Those by which another instrument is charged yet: two pledges may have come with one card."""
    others = Instrument.objects.filter(provider=provider.code)
    others = others.exclude(state=Instrument.State.REVOKED) if tokens else others.none()
    found = set()
    for other in others.only("sealed_token").iterator():
        with contextlib.suppress(CannotOpen):
            found.add(other.token)
    return found & tokens
