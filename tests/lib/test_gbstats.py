"""What we compute of experiments is what GrowthBook computes of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import mismatch, sequential
from tamizdat.lib.samples import Sample
from tests.bench.experiments.agreeing import (
    ours_around_the_ratio,
    split_by_theirs,
    theirs,
)

pytest.importorskip("gbstats")
worths = st.lists(st.integers(1, 60_000), min_size=5, max_size=60)


@st.composite
def arms(draw):
    gifts = draw(worths)
    count = draw(st.integers(len(gifts) + 1, 10**6))
    return Sample(count, sum(gifts), sum(each**2 for each in gifts))


@given(arms(), arms(), st.integers(1_000, 10**6))
def test_a_lift_has_the_interval_of_its_sequential_test(before, after, tuned_to):
    ours = ours_around_the_ratio(before, after, tuned_to=tuned_to)

    assert ours == pytest.approx(theirs(before, after, tuned_to=tuned_to), rel=1e-9)


@given(arms(), arms())
def test_the_desks_lift_is_the_same_one_on_its_logarithm(before, after):
    desk = sequential.lift(before, after, tuned_to=100_000)
    half = ours_around_the_ratio(before, after, tuned_to=100_000)

    assert desk.middle == pytest.approx(half.middle)
    # The logarithm's half is the ratio's half, as a part of the ratio: the delta method.
    ratio = 1 + desk.middle
    assert math.log((1 + desk.high) / ratio) * ratio == pytest.approx(half.high - half.middle)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10_000)), min_size=2, max_size=6))
def test_a_split_has_the_chance_of_its_check(found):
    counts, shares = [n for n, _ in found], [share for _, share in found]

    theirs_is = split_by_theirs(counts, shares)
    assert mismatch.chance(counts, shares) == pytest.approx(theirs_is, rel=1e-6, abs=1e-12)
