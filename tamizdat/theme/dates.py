from datetime import date, datetime

from django.utils import timezone


def local_day(moment: datetime | date) -> date:
    """The day of `moment` in the outlet's time zone."""
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
