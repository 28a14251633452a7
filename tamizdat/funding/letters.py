"""Mail to supporters: written beside what it tells of, sent by the worker, then deleted."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from tamizdat.funding import access, confirming, wording
from tamizdat.funding.addresses import mailed_address
from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Supporter
from tamizdat.funding.models.supporter import address_index
from tamizdat.outlet import handing, mailing
from tamizdat.outlet.handing import Line
from tamizdat.outlet.models import MailProfile

logger = logging.getLogger(__name__)


def send_waiting(*, now: datetime) -> int:
    """Send what waits, oldest first. How many were sent.

    What is not taken rests, each time twice as long up to a day, and holds up none behind it. What
    is refused for a fortnight is given up.
    """
    waiting = [each for each in Letter.objects.waiting(now=now) if not confirming.waits(each)]
    if not waiting:
        return 0
    try:
        with handing.connected() as line:
            return _send_all(waiting, line, now=now)
    except handing.NotNow as error:
        logger.warning("letters wait: %s", error)
        return 0


def give_up(address: str, *, now: datetime) -> None:
    """Delete what waits to be sent there, and note that mail to it comes back.

    What they give goes on, and what is written to them later is tried: it may arrive.
    """
    Letter.objects.filter(supporter__address_index=address_index(address)).delete()
    Supporter.objects.note_bounce(address, on=day_of(now))


def _send_all(waiting: Iterable[Letter], line: Line, *, now: datetime) -> int:
    sent = 0
    for letter in waiting:
        try:
            sent += _send(letter, line, now=now)
        except (handing.NotNow, handing.InDoubt) as error:
            _put_off(letter, error, now=now)
            break  # the line may be broken: those behind go on another, in the next round
        except mailing.MailNotSent as error:
            if letter.is_tried_out:
                give_up(letter.supporter.address, now=now)
            else:
                _put_off(letter, error, now=now)
        except Exception as error:  # noqa: BLE001 one letter does not stop those behind it
            _put_off(letter, error, now=now)
    return sent


def _send(letter: Letter, line: Line, *, now: datetime) -> bool:
    # Durable: no transaction stays open while a mail server is slow, or on SQLite nobody else
    # could write meanwhile.
    with transaction.atomic(durable=True):
        is_ours = letter.claim(now=now)
    if not is_ours:
        return False
    # Read only now: since the letter was listed its reader may have chosen another mail, or none.
    supporter = letter.supporter
    # Whoever wants no mail may still ask for their link.
    is_wanted = supporter.wants_mail or letter.kind in (Letter.Kind.LINK, Letter.Kind.BEGIN)
    address = supporter.address if is_wanted else ""
    if address:
        handing.hand_over(_mail(letter, address, now=now), line)
    letter.delete()
    return bool(address)


def _put_off(letter: Letter, error: Exception, *, now: datetime) -> None:
    # Nothing but its type: the words may quote an address.
    logger.warning("letter %s waits: %s", letter.kind, type(error).__name__)
    letter.rest(now=now)


def _mail(letter: Letter, address: str, *, now: datetime) -> EmailMessage:
    language, profile = letter.supporter.language, MailProfile(letter.supporter.mail_profile)
    with translation.override(language):
        words = wording.of(letter, language=language)
        link = _link(letter, profile=profile, now=now)
    return mailing.from_template(
        to=address,
        subject=words.subject,
        template="funding/letter",
        context={"words": words, "link": link},
        language=language,
        profile=profile,
    )


def _link(letter: Letter, *, profile: MailProfile, now: datetime) -> str:
    if letter.kind == Letter.Kind.BEGIN and letter.charge:
        token = confirming.token_for(letter.charge, now=now)
        return mailed_address("funding:confirm", token, profile=profile)
    token = access.token_for(letter.supporter, letter.pledge, now=now)
    return mailed_address("funding:manage", token, profile=profile)
