import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import sequential
from tamizdat.lib.samples import Sample

samples = st.builds(
    lambda count, part, worth: Sample(count, part * worth, part * worth**2),
    st.integers(1_000, 10**6),
    st.integers(1, 1_000),
    st.integers(1, 600),
)


def test_looking_each_day_costs_half_as_much_again_as_looking_once():
    assert sequential.errors_wide(1) == pytest.approx(3.03, abs=0.01)
    assert min(sequential.errors_wide(n / 10) for n in range(1, 200)) > 2.7


@given(st.floats(0.001, 1_000), st.floats(0.0001, 0.2))
def test_it_is_wider_than_the_interval_of_one_look_wherever_one_looks(progress, alpha):
    once = NormalDist().inv_cdf(1 - alpha / 2)

    assert sequential.errors_wide(progress, alpha=alpha) > once


@given(samples, samples)
def test_whichever_arm_is_called_the_first_the_verdict_is_the_same(one, other):
    forth = sequential.lift(one, other, tuned_to=100_000)
    back = sequential.lift(other, one, tuned_to=100_000)

    assert (1 + forth.low) * (1 + back.high) == pytest.approx(1)
    assert (1 + forth.middle) * (1 + back.middle) == pytest.approx(1)


@given(samples)
def test_no_difference_is_possible_between_two_that_are_the_same(one):
    assert sequential.lift(one, one, tuned_to=100_000).holds(0)


def test_of_an_arm_without_gifts_nothing_is_said():
    lift = sequential.lift(Sample(10, 0, 0), Sample(10, 5, 25), tuned_to=100)

    assert (lift.low, lift.high) == (-1, math.inf)


def test_smaller_differences_need_many_more_readers():
    gifts = Sample.of_yes(3, 1_000)

    needed = [sequential.readers_needed(gifts, more=more) for more in (0.5, 0.2, 0.1)]

    assert needed == sorted(needed)
    assert needed[1] > 4 * needed[0]


def test_nobody_is_told_how_many_are_needed_where_nothing_is_known():
    with pytest.raises(ValueError, match="nothing is known"):
        sequential.readers_needed(Sample(1_000, 0, 0), more=0.2)
