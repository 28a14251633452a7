"""Token buckets in the database: how much, for how long, and what is left of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.payments import limiting
from tamizdat.payments.limiting import Limit
from tamizdat.payments.models import Bucket
from tests.conftest import NOON
from tests.racing import race

MINUTE = timedelta(minutes=1)
THREE = Limit("of a test", 3, MINUTE)


def spend(times, of="ana", *, now=NOON):
    return [limiting.spend(THREE, of, now=now) for _ in range(times)]


@pytest.mark.django_db
def test_so_many_at_once_and_then_one_each_while():
    assert spend(4) == [True, True, True, False]
    assert spend(2, now=NOON + MINUTE) == [True, False]
    assert spend(4, now=NOON + 10 * MINUTE) == [True, True, True, False]


@pytest.mark.django_db
def test_each_has_their_own():
    spend(3, "ana")

    assert limiting.spend(THREE, "beso", now=NOON)
    assert limiting.is_left(THREE, "beso", now=NOON)
    assert not limiting.is_left(THREE, "ana", now=NOON)


@pytest.mark.django_db
def test_what_went_well_is_given_back_and_never_more_than_there_was():
    spend(3)
    limiting.give_back(THREE, "ana", count=2)
    assert spend(3) == [True, True, False]

    limiting.give_back(THREE, "ana", count=9)
    assert spend(4) == [True, True, True, False]


@pytest.mark.django_db
def test_whom_it_counts_cannot_be_read_and_is_forgotten_when_nothing_is_counted():
    spend(1, "ana@example.org")

    assert "ana" not in Bucket.objects.get().name
    assert limiting.forget(now=NOON + MINUTE - timedelta(seconds=1)) == 0
    assert limiting.forget(now=NOON + MINUTE) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_that_want_the_last_one_gets_it():
    spend(2)

    won = race([lambda: spend(1)[0]] * 2)

    assert sorted(won) == [False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of", "abcdefghij")
def test_of_several_who_come_first_at_one_moment_nobody_is_refused(of):
    assert all(race([lambda: limiting.spend(THREE, of, now=NOON)] * THREE.burst))


class AnyRun(TestCase):
    @given(waits=st.lists(st.integers(0, 180), max_size=40))
    def test_in_no_window_more_is_spent_than_the_burst_and_what_grew_since(self, waits):
        at, spent = NOON, []
        for seconds in waits:
            at += timedelta(seconds=seconds)
            spent += [at] * limiting.spend(THREE, "ana", now=at)

        for n, first in enumerate(spent):
            for m, last in enumerate(spent[n:], start=1):
                assert m <= THREE.burst + (last - first) / MINUTE
