"""Forgetting those who promised and never paid: nothing needs their address."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tamizdat.funding.models import Pledge, Supporter
from tamizdat.payments import charging, settling
from tamizdat.payments.models import Attempt, Charge
from tamizdat.payments.providers import registry
from tamizdat.payments.silence import Silent

UNPAID_LIFETIME = timedelta(days=7)  # how long a promise may still be paid


def forget_unpaid(*, now: datetime) -> int:
    """Call off promises older than that, and destroy their addresses. How many were destroyed."""
    silent, supporters = Silent(), list(_who_never_paid(now=now).order_by("pk"))
    random.shuffle(supporters)  # one of whom nobody is told holds up none behind it for ever
    return sum(_forget(supporter, silent, now=now) for supporter in supporters)


def _forget(supporter: Supporter, silent: Silent, *, now: datetime) -> bool:
    theirs = Supporter.objects.filter(pk=supporter.pk).charge_numbers()
    for charge in Charge.objects.filter(pk__in=theirs):
        if not charging.try_to_cancel(charge, silent, now=now):
            return False  # it is paid after all, or is about to be; or nobody answers
    with transaction.atomic():
        supporter.hold()
        if not _who_never_paid(now=now).filter(pk=supporter.pk).exists():
            return False  # a new promise was written meanwhile
        for pledge in supporter.pledges.filter(state=Pledge.State.INCOMPLETE):
            pledge.move_to(Pledge.State.STOPPED)
        supporter.erase()
    return True


def _who_never_paid(*, now: datetime) -> QuerySet[Supporter]:
    silent = Supporter.objects.never_paid(since=now - UNPAID_LIFETIME)
    # A transfer takes its time: it, and our reading of the statement.
    pushes = [provider.code for provider in registry.all_of_them() if provider.is_push]
    since = now - settling.PUSH_LIFETIME
    awaited = Attempt.objects.open().filter(provider__in=pushes, created_at__gt=since)
    return silent.exclude(pledges__dues__charge__attempts__in=awaited).exclude(
        contributions__charge__attempts__in=awaited
    )
