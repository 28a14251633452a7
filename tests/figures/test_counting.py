"""What a month came to, counted from what was paid."""

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.figures import counting
from tamizdat.figures.models import By
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.figures.givers import gave, gave_once, month, pledge

pytestmark = pytest.mark.django_db


def told(n, *, by=By.ALL):
    """Of the nth month: what there was of each kind, how many and how much."""
    return {
        (key.kind.value, key.name) if key.name else key.kind.value: (count, minor)
        for key, count, minor in counting.count(month(n)).rows()
        if key.by == by and count
    }


def test_a_pledge_is_new_once_and_gives_each_month():
    gave(pledge(), 0, 1)

    assert told(0) == {"gave": (1, 500), "new": (1, 500), "people": (1, 0)}
    assert told(1) == {"gave": (1, 500), "people": (1, 0)}


def test_one_that_another_system_began_is_taken_in_and_not_new():
    gave(pledge(imported_as="abc"), 0)

    assert told(0) == {"gave": (1, 500), "taken_in": (1, 500), "people": (1, 0)}


def test_a_yearly_gift_counts_by_its_twelfth_for_a_year():
    gave(pledge(state="lapsed", interval="year", minor=2_400), 0)

    assert told(0) == {"gave": (1, 200), "new": (1, 200), "people": (1, 0)}
    assert told(11) == {"gave": (1, 200), "people": (1, 0)}
    assert told(12) == {"lapsed": (1, 200)}


def test_raised_and_lowered_are_told_by_the_difference():
    one = pledge()
    gave(one, 0, minor=500)
    gave(one, 1, minor=800)
    gave(one, 2, minor=300)

    assert told(1)["raised"] == (1, 300)
    assert told(2)["lowered"] == (1, 500)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("stopped", "stopped"),
        ("lapsed", "lapsed"),
        ("halted", "halted"),
        ("past_due", "owing"),
        ("unconfirmed", "owing"),
        ("paused", "paused"),
        ("active", "paused"),  # one gift was left out
    ],
)
def test_who_does_not_give_any_more_is_told_by_what_became_of_them(state, kind):
    gave(pledge(state=state), 0)

    assert told(1) == {kind: (1, 500)}
    assert told(2) == {}


def test_who_comes_back_had_paused():
    gave(pledge(), 0, 3)

    assert told(1) == {"paused": (1, 500)}
    assert told(2) == {}
    assert told(3)["back"] == (1, 500)


def test_paid_after_all_is_recovered_but_a_first_gift_is_not():
    one = pledge()
    gave(one, 0, 1, declined=True)

    assert "recovered" not in told(0)
    assert told(1)["recovered"] == (1, 500)


def test_a_supporter_who_gives_twice_is_one():
    someone = Supporter.objects.without_address(language="en", now=NOON)
    for minor in (500, 700):
        gave(pledge(supporter=someone, minor=minor), 0)

    assert (told(0)["people"], told(0)["gave"]) == ((1, 0), (2, 1_200))


def test_what_was_not_paid_or_went_back_whole_is_not_counted():
    gave(pledge(state="stopped"), 0, state="canceled")
    gave(pledge(state="stopped"), 0)
    gave_once(0)
    Charge.objects.filter(state="succeeded").update(refunded_minor=F("amount_minor"))

    assert told(0) == {}


def test_of_a_gift_made_once_what_went_back_is_not_counted():
    gave_once(0)
    Charge.objects.update(refunded_minor=1_000, disputed_minor=500)

    assert told(0)["once"] == (1, 1_000)


def test_gifts_made_once_are_told_apart_by_way_and_page():
    gave_once(0, source_page="/ru/harbour/ferry-ledger/")
    gave_once(0, source_page="/about/", provider="paypal")
    gave_once(1)

    assert told(0)["once"] == (2, 5_000)
    assert told(0, by=By.METHOD) == {("once", "demo"): (1, 2500), ("once", "paypal"): (1, 2500)}
    assert told(0, by=By.STORY).keys() == {
        ("once", "/ru/harbour/ferry-ledger/"),
        ("once", "/about/"),
    }
    assert told(0, by=By.SECTION).keys() == {("once", "/ru/harbour/"), ("once", "/")}


def test_gifts_are_told_apart_by_the_message_that_led_to_them():
    gave(pledge(appeal="abc234"), 0, 1)
    gave_once(0, appeal="abc234")
    gave_once(0)

    assert told(0, by=By.MESSAGE) == {("new", "abc234"): (1, 500), ("once", "abc234"): (1, 2500)}
    assert told(1, by=By.MESSAGE) == {}


def test_each_cohort_is_told_by_the_month_of_its_first_gift():
    gave(pledge(), 0, 1)
    gave(pledge(), 1)

    assert told(1, by=By.COHORT) == {
        ("gave", "2026-01-01"): (1, 500),
        ("gave", "2026-02-01"): (1, 500),
    }


class Months(TestCase):
    @settings(max_examples=30)
    @given(
        lives=st.lists(
            st.tuples(
                st.sampled_from(["month", "year"]),
                st.sampled_from(["active", "stopped", "lapsed", "paused"]),
                st.lists(st.tuples(st.integers(0, 14), st.integers(100, 900)), max_size=8),
            ),
            max_size=5,
        )
    )
    def test_what_there_was_and_what_came_less_what_went_is_what_there_is(self, lives):
        """The law of the figures, in number and in money, over a year's end."""
        for interval, state, gifts in lives:
            one = pledge(interval=interval, state=state)
            for n, minor in sorted(dict(gifts).items()):
                gave(one, n, minor=minor * 12)
        before = _changes(told(-1))
        for n in range(16):
            after = _changes(told(n))
            assert after["gave"] == tuple(
                was + came for was, came in zip(before["gave"], after["change"], strict=True)
            )
            before = after
        assert Pledge.objects.count() == len(lives)


CAME = ("new", "taken_in", "back")
WENT = ("paused", "owing", "lapsed", "stopped", "halted")


def _changes(found):
    def sums(kinds, at):
        return sum(found.get(kind, (0, 0))[at] for kind in kinds)

    number = sums(CAME, 0) - sums(WENT, 0)
    money = sums([*CAME, "raised"], 1) - sums([*WENT, "lowered"], 1)
    return {"gave": found.get("gave", (0, 0)), "change": (number, money)}
