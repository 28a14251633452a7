"""What browsers tell of experiments: taken in, bounded, and of nobody."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.appeals import counting
from tamizdat.appeals.models import Tally
from tamizdat.payments.models import Bucket
from tests.appeals.experiments import experiment
from tests.conftest import NOON
from tests.racing import race

ONE = {"met": 1, "view": 1, "close": 0, "click": 0}


def body(told=None, **arms):
    return json.dumps(told or {"words": arms or {"a": ONE}}).encode()


def tell(told=None, *, now=NOON, **arms):
    counting.take_in(body(told, **arms), now=now)


def sums(arm="a"):
    one = Tally.objects.get(arm__name=arm)
    return one.met, one.views, one.closes, one.clicks


@pytest.mark.django_db
def test_what_is_told_is_added_by_arm_and_day():
    experiment()
    tell()
    tell(a={"view": 2, "click": 1})
    tell(b={"met": 1})
    tell(now=NOON + timedelta(days=1))

    assert [str(each.day) for each in Tally.objects.filter(arm__name="a")] == [
        "2026-11-22",
        "2026-11-23",
    ]
    first = Tally.objects.get(arm__name="a", day=NOON.date())
    assert (first.met, first.views, first.closes, first.clicks) == (1, 3, 0, 1)
    assert sums("b") == (1, 0, 0, 0)


@pytest.mark.django_db
def test_one_post_tells_of_one_browser():
    experiment()
    tell(a={"met": 900, "view": 900, "close": 900, "click": 900})

    assert sums() == (1, 10, 3, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"{",
        b"[" * 2_000,
        b"null",
        b'"words"',
        b"\xff\xfe",
        b'{"words": {"a": NaN}}',
        b'{"words": {"a": {"met": true}}}',
        b'{"words": {"a": {"met": 1.0}}}',
        b'{"words": {"a": {"met": -1}}}',
        b'{"words": {"a": {"met": "1"}}}',
        b'{"words": {"a": {"seen": 1}}}',
        b'{"words": {"a": [1]}}',
        b'{"words": ["a"]}',
        b'{"words": {"c": {"met": 1}}}',
        b'{"other": {"a": {"met": 1}}}',
        b'{"wor\\u0000ds": {"a": {"met": 1}}}',
        b'{"words": {"a": {"met": 1}, "b": {"met": 1}}}',
        b'{"words": {"a": {"met": 1}}}' + b" " * counting.MOST_BYTES,
    ],
)
def test_what_is_no_count_of_ours_leaves_nothing(nonsense):
    experiment()
    counting.take_in(nonsense, now=NOON)

    assert not Tally.objects.exists()
    assert not Bucket.objects.exists()


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3)
    ),
)


@given(st.binary(max_size=300) | values.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_posted_is_read_or_dropped(nonsense):
    for arm, counts in counting.read(nonsense).values():
        assert arm
        assert set(counts) <= {"met", "views", "closes", "clicks"}
        assert all(0 < count <= 10 for count in counts.values())


@pytest.mark.django_db
def test_of_an_experiment_that_is_not_on_nothing_is_counted():
    experiment("waiting", begins=None)
    experiment("over").end(now=NOON)

    tell({"waiting": {"a": ONE}, "over": {"a": ONE}})

    assert not Tally.objects.exists()


@pytest.fixture
def small(monkeypatch):
    """A limit that a test can reach: twenty at once."""
    limit = counting.Limit("a small one", 20, timedelta(seconds=1))
    monkeypatch.setattr(counting, "FLOOD", limit)


@pytest.mark.django_db
def test_a_flood_is_cut_off_and_marks_its_day(small):
    experiment()
    for n in range(200):
        tell(now=NOON + timedelta(milliseconds=10 * n))

    flooded = Tally.objects.get()
    assert (flooded.met, flooded.is_flooded) == (20, True)
    assert Bucket.objects.count() == 1


@pytest.mark.django_db
def test_of_a_flooded_day_nothing_more_is_counted_and_the_next_day_all_is(
    small, django_assert_num_queries
):
    experiment()
    for _ in range(21):
        tell()

    with django_assert_num_queries(1):
        tell(b=ONE)
    tell(now=NOON + timedelta(days=1))
    assert [(each.met, each.is_flooded) for each in Tally.objects.order_by("day")] == [
        (20, True),
        (1, False),
    ]


@pytest.mark.django_db
def test_as_many_as_a_busy_site_has_are_no_flood(small):
    experiment()
    for n in range(100):
        tell(now=NOON + timedelta(seconds=n))

    assert Tally.objects.get().met == 100


@pytest.mark.django_db
def test_a_flood_of_one_experiment_costs_another_nothing(small):
    experiment()
    experiment("pictures")
    for _ in range(30):
        tell()
    tell({"pictures": {"a": ONE}})

    assert Tally.objects.get(arm__experiment__key="pictures").met == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_that_come_first_at_one_moment_all_are_counted():
    experiment()
    race([tell] * 6)

    assert sums() == (6, 6, 0, 0)


@pytest.mark.django_db
def test_a_browser_is_answered_with_nothing_and_nothing_of_it_is_kept(client):
    experiment(begins=None).begin(now=NOON)

    answer = client.post("/count/", body(), content_type="text/plain;charset=UTF-8")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert sums() == (1, 1, 0, 0)
    assert client.post("/count/", b"nonsense", content_type="text/plain").status_code == 204


@pytest.mark.django_db
def test_a_body_that_is_too_long_is_not_read_to_its_end(client):
    experiment()

    answer = client.post("/count/", body() + b" " * 100_000, content_type="text/plain")

    assert answer.status_code == 204
    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_it_is_posted_or_nothing(client):
    assert client.get("/count/").status_code == 405
