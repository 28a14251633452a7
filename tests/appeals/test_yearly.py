"""Every year: two mails at most each time, a long rest between, until they give or say stop."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.config import founding
from tests.appeals.test_reminding import A_WEEK, NEW_YEAR, letters, remember
from tests.conftest import NOON

A_DAY = timedelta(days=1)


@pytest.mark.usefixtures("newsroom")
def test_who_wished_it_is_reminded_every_year():
    remember(is_yearly=True)
    counts = [reminding.send_due(now=NEW_YEAR + n * A_WEEK) for n in range(2 * 52 + 3)]

    assert [n for n, count in enumerate(counts) if count] == [0, 1, 53, 54, 105, 106]
    assert Reminder.objects.get().month.isoformat() == "2030-01-01"


@pytest.mark.usefixtures("newsroom")
def test_the_mails_of_a_year_say_when_the_next_ones_come():
    remember(is_yearly=True)
    reminding.send_due(now=NEW_YEAR)
    reminding.send_due(now=NEW_YEAR + A_WEEK)

    first, last = (message.body for message in mail.outbox)
    assert "not before next year" in first
    assert "In January of next year we ask again" in last
    assert all("delete your address" not in body for body in (first, last))


@pytest.mark.usefixtures("newsroom")
def test_after_the_last_mail_of_a_year_the_page_shows_the_next_one():
    remember(is_yearly=True)
    for weeks in range(2):
        reminding.send_due(now=NEW_YEAR + weeks * A_WEEK)

    reminder = Reminder.objects.get()
    assert (reminder.month.isoformat(), reminder.sent_count) == ("2028-01-01", 0)


class Years(TestCase):
    @classmethod
    def setUpTestData(cls):
        founding.found()

    @settings(max_examples=25)
    @given(
        month=st.integers(1, 12),
        pauses=st.lists(st.integers(1, 400), min_size=4, max_size=14),
    )
    def test_however_seldom_the_worker_comes_two_mails_are_sent_at_most_and_then_none_for_long(
        self, month, pauses
    ):
        mail.outbox.clear()
        wished = Month(2026, 12).plus(month)
        wish = Wish(address="ana@example.org", month=wished, language="en", is_yearly=True)
        reminding.remember(wish, now=NOON)
        now, sent = datetime(2026, 12, 1, tzinfo=UTC), []
        for days in pauses:
            sent += [now.date()] * reminding.send_due(now=now)
            now += days * A_DAY

        assert letters() == ["ana@example.org"] * len(sent)
        assert all(day >= wished.first_day for day in sent)
        firsts, seconds = sent[::2], sent[1::2]
        assert all(second - first >= A_WEEK for first, second in zip(firsts, seconds, strict=False))
        assert all((b - a).days > 240 for a, b in pairwise(firsts))
