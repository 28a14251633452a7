"""The links in our mails: they open one supporter's page, without a password, for a while."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge, Supporter

LIFETIME = timedelta(days=60)
_signer = signing.Signer(salt="tamizdat.funding.manage")


class NotOurLink(Exception):
    """It was altered, or a part of it was lost."""


@dataclass(frozen=True)
class Access:
    supporter: Supporter
    pledge: Pledge | None
    is_expired: bool


def token_for(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> str:
    until = day_of(now) + LIFETIME
    pledge_id = pledge.public_id if pledge else ""
    return _signer.sign_object([supporter.public_id, pledge_id, until.isoformat()])


def read(token: str, *, now: datetime) -> Access:
    """Whose page it opens. Raises NotOurLink."""
    try:
        supporter_id, pledge_id, until = _signer.unsign_object(token)
        supporter = Supporter.objects.get(public_id=supporter_id)
    except (signing.BadSignature, Supporter.DoesNotExist, ValueError) as error:
        raise NotOurLink from error
    return Access(
        supporter=supporter,
        pledge=supporter.pledges.filter(public_id=pledge_id).first(),
        is_expired=date.fromisoformat(until) < day_of(now),
    )
