import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import mismatch


@pytest.mark.parametrize(
    ("distance", "freedom"),  # each is the value that tables give for 0.05 and 0.001
    [(3.841, 1), (5.991, 2), (7.815, 3), (9.488, 4), (18.307, 10)],
)
def test_chi_square_is_that_of_the_tables(distance, freedom):
    assert mismatch.beyond(distance, freedom=freedom) == pytest.approx(0.05, abs=2e-5)


def test_half_and_half_is_no_surprise_and_a_tenth_more_is():
    assert mismatch.chance([5_000, 5_000], [1, 1]) == 1
    assert mismatch.chance([5_030, 4_970], [1, 1]) > 0.5
    assert mismatch.chance([5_500, 5_000], [1, 1]) < 0.001


def test_shares_count():
    assert mismatch.chance([9_000, 1_000], [9, 1]) == 1
    assert mismatch.chance([5_000, 5_000], [9, 1]) < 1e-9


def test_readers_in_an_arm_that_nobody_should_get_are_no_chance():
    assert mismatch.chance([10, 1], [1, 0]) == 0
    assert mismatch.chance([10, 0], [1, 0]) == 1


def test_of_nobody_nothing_is_said():
    assert mismatch.chance([0, 0], [1, 1]) == 1


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)), min_size=2, max_size=6))
def test_it_is_a_chance(arms):
    found = mismatch.chance([n for n, _ in arms], [share for _, share in arms])

    assert 0 <= found <= 1
    assert not math.isnan(found)
