"""What becomes of reminders, counted by months and kept when they are gone."""

from datetime import datetime

from django.db.models import F

from tamizdat.appeals.models import ReminderTally
from tamizdat.funding.days import day_of


def add(what: ReminderTally.What, *, at: datetime) -> None:
    """One more of these."""
    month = day_of(at).replace(day=1)
    ReminderTally.objects.get_or_create(month=month, what=what)
    ReminderTally.objects.filter(month=month, what=what).update(count=F("count") + 1)
