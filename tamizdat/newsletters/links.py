"""The links in our mails. Nobody else can make them."""

from datetime import datetime

from django.core import signing
from django.core.signing import BadSignature
from django.utils import timezone

from tamizdat.newsletters.models.subscriber import SIGN_UP_LIFETIME
from tamizdat.outlet.links import Links, NotOurLink

_confirming = Links("newsletters.confirm")
_subscribed = signing.Signer(salt="newsletters.yours")


class Expired(Exception):
    """It was ours, and is too old."""


def to_confirm(public_id: str, *, now: datetime) -> str:
    return _confirming.sign(public_id, until=timezone.localdate(now + SIGN_UP_LIFETIME))


def whose_confirmation(token: str, *, now: datetime) -> str:
    """The id of a sign-up. Raises NotOurLink, and Expired."""
    [public_id], is_expired = _confirming.read(token, today=timezone.localdate(now))
    if is_expired:
        raise Expired
    return public_id


def to_page_of(public_id: str) -> str:
    """Works as long as there is a subscriber: all that it does is to end that."""
    return _subscribed.sign(public_id)


def whose_page(token: str) -> str:
    """The id of a subscriber. Raises NotOurLink."""
    try:
        return _subscribed.unsign(token)
    except BadSignature as error:
        raise NotOurLink from error
