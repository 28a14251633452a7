import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import samples
from tamizdat.lib.samples import Sample

counts = st.integers(1, 10**7)
gifts = st.lists(st.integers(0, 10_000), min_size=2, max_size=40)


@st.composite
def yes_of(draw):
    count = draw(counts)
    return draw(st.integers(0, count)), count


@given(gifts)
def test_three_numbers_know_the_mean_and_the_variance(values):
    sample = Sample(len(values), sum(values), sum(each**2 for each in values))
    mean = sum(values) / len(values)

    assert sample.mean == pytest.approx(mean)
    variance = sum((each - mean) ** 2 for each in values) / (len(values) - 1)
    assert sample.variance == pytest.approx(variance, abs=1e-3)


@given(yes_of())
def test_a_rate_lies_within_its_interval_and_that_within_nothing_and_all(found):
    low, middle, high = samples.rate(*found)

    assert 0 <= low <= middle <= high <= 1


def test_wilsons_interval_is_that_of_the_textbooks():
    # Newcombe (1998), 15 of 148: 0.0624 to 0.1605.
    low, _, high = samples.rate(15, 148)

    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


def test_of_nobody_nothing_is_known():
    assert samples.rate(0, 0) == (0, 0, 1)
    assert samples.mean(Sample(0, 0, 0)).high == math.inf
    assert samples.mean(Sample(100, 0, 0)).high == math.inf


def test_where_counts_were_lost_and_more_gave_than_were_counted_nothing_breaks():
    assert samples.rate(3, 2).middle == 1
    assert samples.mean(Sample(0, 5, 25)).high == math.inf


def test_one_gift_of_many_readers_leaves_nearly_everything_open():
    low, middle, high = samples.mean(Sample(1_000, 60, 3_600))

    assert middle == 0.06
    assert low < middle / 5
    assert high > middle * 5


@given(yes_of().filter(lambda found: found[0] > 0))
def test_money_is_never_less_than_nothing(found):
    yes, count = found

    low, middle, high = samples.mean(Sample(count, yes * 5, yes * 25))

    assert 0 <= low <= middle <= high
