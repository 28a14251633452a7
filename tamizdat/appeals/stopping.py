"""Stopping an experiment, and what everybody sees from then on."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from tamizdat.appeals.models import Arm, Experiment, Message

STOP = "appeals.end"  # in Wagtail's log


@transaction.atomic
def stop(experiment: Experiment, *, keeping: Arm | None, by: Any, now: datetime) -> bool:
    """Show its messages to nobody any more, and those of the arm `keeping` to everybody.

    False, and nothing is changed, if it was not on.
    """
    if not experiment.end(now=now):
        return False
    if keeping:
        Message.objects.filter(arm=keeping).update(arm=None)
    kept = keeping.name if keeping else ""
    log(instance=experiment, action=STOP, user=by, data={"kept": kept})
    return True


def kept(experiment: Experiment) -> str:
    """The name of the arm whose messages everybody saw once it was stopped; empty if none."""
    entry = ModelLogEntry.objects.for_instance(experiment).filter(action=STOP).first()
    return str(entry.data.get("kept", "")) if entry else ""
