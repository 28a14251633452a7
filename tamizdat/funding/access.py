"""The links in our mails: they open one supporter's page, without a password, for a while."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.outlet.links import Links, NotOurLink

LIFETIME = timedelta(days=60)
FOR_EVER = date.max
_links = Links("tamizdat.funding.manage")


@dataclass(frozen=True)
class Access:
    supporter: Supporter
    pledge: Pledge | None
    until: date
    is_expired: bool

    @property
    def is_for_ever(self) -> bool:
        return self.until == FOR_EVER

    @property
    def mailed_on(self) -> date:
        """Unless it is for ever: such a one was shown."""
        return self.until - LIFETIME


def token_for(supporter: Supporter, pledge: Pledge | None, *, now: datetime) -> str:
    """For whoever has no address and wants no mail it works for ever: no other could be sent."""
    until = FOR_EVER if supporter.is_beyond_mail else day_of(now) + LIFETIME
    return _sign(supporter, pledge, until=until)


def token_beside(link: Access, pledge: Pledge) -> str:
    """For another page of theirs, as long as `link` works and no longer."""
    return _sign(link.supporter, pledge, until=link.until)


def read(token: str, *, now: datetime) -> Access:
    """Whose page it opens. One for ever has expired once a link can be sent. Raises NotOurLink."""
    [supporter_id, pledge_id], until = _links.opened(token)
    supporter = Supporter.objects.filter(public_id=supporter_id).first()
    if supporter is None:
        raise NotOurLink
    is_too_long = until == FOR_EVER and not supporter.is_beyond_mail
    return Access(
        supporter=supporter,
        pledge=supporter.pledges.filter(public_id=pledge_id).first(),
        until=until,
        is_expired=is_too_long or until < day_of(now),
    )


def _sign(supporter: Supporter, pledge: Pledge | None, *, until: date) -> str:
    pledge_id = pledge.public_id if pledge else ""
    return _links.sign(supporter.public_id, pledge_id, until=until)
