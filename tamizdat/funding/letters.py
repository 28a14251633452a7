"""Mail to supporters: written beside what it tells of, sent by the worker, then deleted."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import translation

from tamizdat.funding import access, confirming, wording
from tamizdat.funding.addresses import mailed_address
from tamizdat.funding.models import Letter
from tamizdat.lib.vault import CannotOpen
from tamizdat.outlet import mailing
from tamizdat.outlet.models import MailProfile

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
    if confirming.waits(letter):
        return False
    # Whoever wants no mail may still ask for their link.
    is_wanted = letter.supporter.wants_mail or letter.kind in (Letter.Kind.LINK, Letter.Kind.BEGIN)
    address = letter.supporter.address if is_wanted else ""
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
    language, profile = letter.supporter.language, MailProfile(letter.supporter.mail_profile)
    with translation.override(language):
        words = wording.of(letter, language=language)
        link = _link(letter, profile=profile, now=now)
    mail = mailing.from_template(
        to=address,
        subject=words.subject,
        template="funding/letter",
        context={"words": words, "link": link},
        language=language,
        profile=profile,
    )
    mailing.send(mail)


def _link(letter: Letter, *, profile: MailProfile, now: datetime) -> str:
    if letter.kind == Letter.Kind.BEGIN and letter.charge:
        token = confirming.token_for(letter.charge, now=now)
        return mailed_address("funding:confirm", token, profile=profile)
    token = access.token_for(letter.supporter, letter.pledge, now=now)
    return mailed_address("funding:manage", token, profile=profile)
