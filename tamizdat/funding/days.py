from datetime import UTC, date, datetime


def day_of(moment: datetime) -> date:
    """The day in UTC, on which gifts fall due wherever their readers are."""
    return moment.astimezone(UTC).date()
