"""The links in our mails: they open one supporter's page, without a password, for a while."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.outlet.links import Links, NotOurLink
from tamizdat.outlet.models import MailProfile

LIFETIME = timedelta(days=60)
_links = Links("tamizdat.funding.manage")


@dataclass(frozen=True)
class Access:
    supporter: Supporter
    pledge: Pledge | None
    is_expired: bool


def token_for(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> str:
    """For whoever wants no mail it works for ever: no other could be sent."""
    is_for_ever = supporter.mail_profile == MailProfile.NONE
    until = date.max if is_for_ever else day_of(now) + LIFETIME
    pledge_id = pledge.public_id if pledge else ""
    return _links.sign(supporter.public_id, pledge_id, until=until)


def read(token: str, *, now: datetime) -> Access:
    """Whose page it opens. Raises NotOurLink."""
    [supporter_id, pledge_id], is_expired = _links.read(token, today=day_of(now))
    supporter = Supporter.objects.filter(public_id=supporter_id).first()
    if supporter is None:
        raise NotOurLink
    return Access(
        supporter=supporter,
        pledge=supporter.pledges.filter(public_id=pledge_id).first(),
        is_expired=is_expired,
    )
