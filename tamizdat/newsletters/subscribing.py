"""Signing up and leaving. On the list is an address whose owner pressed a button, and no other."""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tamizdat.appeals import reminding
from tamizdat.funding.addresses import mailed_address
from tamizdat.lib.vault import CannotOpen
from tamizdat.newsletters import links
from tamizdat.newsletters.models import SignUp, Subscriber
from tamizdat.newsletters.models.subscriber import address_index, new_public_id
from tamizdat.outlet import handing, mailing
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.vault import vault
from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit

PER_ADDRESS = Limit("sign-up", burst=3, every=timedelta(hours=8))
AT_ALL = Limit("sign-ups", burst=500, every=timedelta(seconds=5))

logger = logging.getLogger(__name__)


class TooMany(Exception):
    """More sign up than we believe: a machine does. Later it can be tried again."""


def sign_up(*, address: str, language: str, now: datetime) -> None:
    """Have a link mailed to the address, if it is not one that must be left alone.

    Says nothing of whether it was known, nor of whether too many mails went to it. Raises TooMany.
    """
    if not limiting.spend(AT_ALL, now=now):
        raise TooMany
    index = address_index(address)
    if reminding.is_left_alone(address) or not limiting.spend(PER_ADDRESS, index, now=now):
        return
    fields = {
        "sealed_address": vault().seal(address.strip()),
        "language": language,
        "asked_at": now,
        "claimed_at": None,
        "is_mailed": False,
    }
    # Of a subscriber, the id by which the links in older mails find them.
    known = Subscriber.objects.filter(index=index).values_list("public_id", flat=True).first()
    as_new = fields | {"public_id": known or new_public_id()}
    SignUp.objects.update_or_create(index=index, defaults=fields, create_defaults=as_new)


def write_to_new(*, now: datetime) -> int:
    """Mail their link to all who signed up. Returns how many went. Raises NotNow.

    Whoever types an address may be a stranger: to its owner none goes, or one without our name, if
    that is how they chose to be written to.
    """
    waiting = SignUp.objects.to_be_mailed(now=now)
    if not waiting.exists():
        return 0
    with handing.connected() as line:
        return sum(_write_to(each, line, now=now) for each in waiting if each.claim(now=now))


def confirm(token: str, *, now: datetime) -> Subscriber:
    """Put them on the list. Repeating it is harmless. Raises NotOurLink, and Expired."""
    public_id = links.whose_confirmation(token, now=now)
    with transaction.atomic():
        asked = SignUp.objects.select_for_update().filter(public_id=public_id).first()
        if asked:
            return _admit(asked, now=now)
    found = Subscriber.objects.filter(public_id=public_id).first()
    if found is None:  # they confirmed, and left since; or too late
        raise links.Expired
    return found


def leave(subscriber: Subscriber) -> None:
    """Delete what is kept of them."""
    drop(index=subscriber.index)


def drop(*, index: str) -> int:
    """Delete what is kept of an address. How many rows there were."""
    with transaction.atomic():
        asked = SignUp.objects.filter(index=index).delete()[0]
        gone = Subscriber.objects.filter(index=index)
        count = gone.count()
        gone.delete()
    return asked + count


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete the addresses of which nobody confirmed that they are theirs. How many."""
    return SignUp.objects.expired(now=now).delete()[0]


def subscriber_of(token: str) -> Subscriber | None:
    """Whose page it opens; None once they have left. Raises NotOurLink."""
    return Subscriber.objects.filter(public_id=links.whose_page(token)).first()


def _admit(asked: SignUp, *, now: datetime) -> Subscriber:
    """Who is on the list already keeps their id: it is in the links of every older mail."""
    fields = {"sealed_address": bytes(asked.sealed_address), "language": asked.language}
    as_new = {"public_id": asked.public_id, "confirmed_on": timezone.localdate(now)}
    admitted, _is_new = Subscriber.objects.update_or_create(
        index=asked.index, defaults=fields, create_defaults=fields | as_new
    )
    asked.delete()
    return admitted


def _write_to(asked: SignUp, line: handing.Line, *, now: datetime) -> bool:
    try:
        profile = reminding.profile_of(asked.address)
        if profile == MailProfile.NONE:
            asked.delete()
            return False
        handing.hand_over(_letter(asked, profile, now=now), line)
    except (mailing.NobodyThere, handing.Refused):
        asked.delete()
        return False
    except (CannotOpen, handing.Later) as error:  # until its claim has lapsed
        logger.warning("a sign-up waits: %s", type(error).__name__)
        return False
    except handing.InDoubt:
        pass  # they can sign up again
    SignUp.objects.filter(pk=asked.pk, asked_at=asked.asked_at).update(is_mailed=True)
    return True


def _letter(asked: SignUp, profile: MailProfile, *, now: datetime) -> EmailMessage:
    with translation.override(asked.language):
        token = links.to_confirm(asked.public_id, now=now)
        return mailing.from_template(
            to=asked.address,
            subject=_("Please confirm: do you want our newsletter?"),
            template="newsletters/mail/confirm",
            context={
                "confirm_address": mailed_address("newsletters:confirm", token, profile=profile)
            },
            language=asked.language,
            profile=profile,
        )
