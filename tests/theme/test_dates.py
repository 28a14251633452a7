from datetime import UTC, date, datetime

from django.utils import timezone

from tamizdat.theme.dates import local_day


def test_the_day_is_that_of_the_outlets_clock():
    with timezone.override("Asia/Tokyo"):
        assert local_day(datetime(2026, 3, 4, 20, tzinfo=UTC)) == date(2026, 3, 5)
