"""The links in reminders: they open what is kept of one address, without a password, for a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tamizdat.funding.days import day_of
from tamizdat.outlet.links import Links

LIFETIME = timedelta(days=60)
_links = Links("appeals.forget")


@dataclass(frozen=True)
class Link:
    index: str  # of the address it was mailed to
    is_expired: bool


def token_for(index: str, *, now: datetime) -> str:
    return _links.sign(index, until=day_of(now) + LIFETIME)


def read(token: str, *, now: datetime) -> Link:
    """Raises NotOurLink."""
    [index], is_expired = _links.read(token, today=day_of(now))
    return Link(index, is_expired)
