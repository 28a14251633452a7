"""Ways to pay in the desk: how each stands, turned off and on by a person, and telling staff."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.log_actions import log

from tamizdat.funding import confirming, proving
from tamizdat.outlet import handing, mailing
from tamizdat.payments import breaking, limiting
from tamizdat.payments.breaking import Count
from tamizdat.payments.models import Breaker
from tamizdat.payments.providers import registry

SWITCH = "funding.switch"  # in Wagtail's log
MAY_SWITCH = "payments.change_breaker"
AN_HOUR = timedelta(hours=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How a way to pay stands."""

    breaker: Breaker
    last_hour: Count
    methods: tuple[str, ...]


def standings(*, now: datetime) -> list[Standing]:
    """Of each provider that is set up."""
    return [
        Standing(
            breaking.look(provider.code, now=now),
            breaking.count(provider.code, since=now - AN_HOUR, until=now),
            provider.methods,
        )
        for provider in registry.all_of_them()
    ]


def switch(provider: str, *, on: bool, reason: str, by: Any, now: datetime) -> Breaker:
    """Turn it on or off, and note that `by` did it, and why."""
    turn = breaking.turn_on if on else breaking.turn_off
    with transaction.atomic():
        breaker = turn(provider, now=now)
        data = {"provider": provider, "turned": "on" if on else "off", "reason": reason}
        log(instance=breaker, action=SWITCH, user=by, data=data)
    return breaker


def watch(*, now: datetime) -> int:
    """As a chore: move breakers on, tell staff once, forget what is counted no more."""
    breaking.look_at_all(now=now)
    limiting.forget(now=now)
    proving.forget(now=now)
    confirming.forget(now=now)
    return sum(_tell(each, now=now) for each in Breaker.objects.tripped().filter(told_at=None))


def _tell(breaker: Breaker, *, now: datetime) -> bool:
    # Claimed first: of two workers one writes. Were the mail lost, the desk shows it all the same.
    if not Breaker.objects.filter(pk=breaker.pk, told_at=None).update(told_at=now):
        return False
    seen = breaking.count(breaker.provider, since=now - AN_HOUR, until=now)
    for address in _addresses():
        mail = mailing.from_template(
            to=address,
            subject="A way to pay was turned off",
            template="funding/turned_off",
            context={"breaker": breaker, "seen": seen, "desk": settings.DESK_ADDRESS},
            language=settings.LANGUAGE_CODE,
        )
        try:
            handing.send(mail)
        except mailing.MailNotSent as error:
            logger.warning("staff was not told of %s: %s", breaker, error)
    return True


def _addresses() -> Iterable[str]:
    backend = "django.contrib.auth.backends.ModelBackend"
    people = get_user_model().objects.with_perm(MAY_SWITCH, backend=backend)
    return people.exclude(email="").values_list("email", flat=True).distinct()
