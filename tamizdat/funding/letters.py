"""Mail to supporters: written beside what it tells of, sent by the worker, then deleted."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import translation

from tamizdat.funding import access, wording
from tamizdat.funding.addresses import absolute_address
from tamizdat.funding.models import Letter
from tamizdat.lib.vault import CannotOpen
from tamizdat.outlet import mailing

logger = logging.getLogger(__name__)


def send_waiting(*, now: datetime) -> int:
    """Send what waits, oldest first; what the mail server refuses waits on. How many were sent."""
    sent = 0
    for letter in Letter.objects.order_by("pk").select_related("supporter", "pledge", "charge"):
        try:
            sent += _send(letter, now=now)
        except (mailing.MailNotSent, CannotOpen) as error:
            logger.warning("letter %s waits: %s", letter.kind, type(error).__name__)
    return sent


def _send(letter: Letter, *, now: datetime) -> bool:
    address = letter.supporter.address
    # Durable: no transaction stays open while a mail server is slow, or on SQLite nobody else
    # could write meanwhile.
    with transaction.atomic(durable=True):
        is_ours = letter.claim(now=now)
    if not is_ours:
        return False
    try:
        if address:
            _mail(letter, address, now=now)
    except (mailing.MailNotSent, CannotOpen):
        Letter.objects.filter(pk=letter.pk).update(claimed_at=None)
        raise
    letter.delete()
    return bool(address)


def _mail(letter: Letter, address: str, *, now: datetime) -> None:
    language = letter.supporter.language
    with translation.override(language):
        token = access.token_for(letter.supporter, letter.pledge, now=now)
        words = wording.of(letter, language=language)
        link = absolute_address("funding:manage", token)
    mailing.send(
        to=address,
        subject=words.subject,
        template="funding/letter",
        context={"words": words, "link": link},
        language=language,
    )
