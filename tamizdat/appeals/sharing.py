"""Giving more of the coming readers to the arms that bring more gifts, once a day.

It takes effect with the next edition, as everything does that browsers decide by.
"""

from datetime import datetime

from django.db import transaction

from tamizdat.appeals import weighing
from tamizdat.appeals.models import Experiment
from tamizdat.appeals.models.experiment import WHOLE
from tamizdat.funding.days import day_of
from tamizdat.lib import bandit


def share_anew(*, now: datetime) -> int:
    """Move the shares of each bandit that has not been moved today. How many were."""
    today = day_of(now)
    running = Experiment.objects.filter(is_on=True, is_bandit=True).exclude(shared_on=today)
    return sum(_share(experiment, now=now) for experiment in running.order_by("pk"))


@transaction.atomic
def _share(experiment: Experiment, *, now: datetime) -> bool:
    """False where another worker was first. The same figures give the same shares."""
    today = day_of(now)
    rows = Experiment.objects.filter(pk=experiment.pk, is_on=True).exclude(shared_on=today)
    if not rows.update(shared_on=today):
        return False
    arms = [each.standing for each in weighing.report(experiment, now=now).arms]
    found = bandit.shares(
        [arm.gifts for arm in arms],
        [arm.met for arm in arms],
        whole=WHOLE,
        seed=f"{experiment.key} {today}",
    )
    for arm, share in zip(arms, found, strict=True):
        experiment.arms.filter(name=arm.name).update(share=share)
    return True
