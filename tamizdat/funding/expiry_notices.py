"""A mail before a card expires, once for each card and end."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from tamizdat.funding.days import day_of
from tamizdat.funding.models import Letter, Pledge

AHEAD = timedelta(days=31)


def write(*, now: datetime) -> int:
    """Write to whoever gives by a card that ends within a month. How many were written.

    What a bank renewed quietly has a later end, and is not written about.
    """
    today = day_of(now)
    soon = Pledge.objects.filter(
        state__in=(Pledge.State.ACTIVE, Pledge.State.PAUSED),
        instrument__state="active",
        instrument__expires_on__range=(today, today + AHEAD),
    ).exclude(told_expiry_on=F("instrument__expires_on"))
    return sum(
        _write(pledge, pledge.instrument.expires_on, now=now)
        for pledge in soon.select_related("instrument", "supporter").order_by("pk")
        if pledge.instrument and pledge.instrument.expires_on
    )


@transaction.atomic
def _write(pledge: Pledge, expires_on: date, *, now: datetime) -> bool:
    # One UPDATE: of two workers here one writes.
    untold = Pledge.objects.filter(Q(told_expiry_on=None) | ~Q(told_expiry_on=expires_on))
    if not untold.filter(pk=pledge.pk).update(told_expiry_on=expires_on):
        return False
    Letter.objects.write(Letter.Kind.EXPIRING, pledge.supporter, pledge=pledge, at=now)
    return True
