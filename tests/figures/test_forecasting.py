"""What is foreseen follows from what was, and says how sure it is."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.figures.forecasting import LEAST, Foreseen, Past, foresee

sums = st.integers(0, 10**9)
pasts = st.lists(st.builds(Past, value=sums, came=sums, gone=sums), max_size=30)


@given(months=pasts, ahead=st.integers(1, 3))
def test_the_sum_is_between_the_two_others_and_never_below_nothing(months, ahead):
    foreseen = foresee(months, ahead=ahead)

    assert (foreseen is None) == (len(months) < LEAST)
    assert foreseen is None or 0 <= foreseen.low <= foreseen.middle <= foreseen.high


@given(value=sums, count=st.integers(8, 24), ahead=st.integers(1, 2))
def test_where_nothing_ever_changes_it_is_certain(value, count, ahead):
    months = [Past(value, 0, 0)] * count

    assert foresee(months, ahead=ahead) == Foreseen(value, value, value)


def test_steady_growth_goes_on():
    months = [Past(1_000 + 100 * n, 100, 0) for n in range(12)]

    assert foresee(months, ahead=1) == Foreseen(2_200, 2_200, 2_200)
    assert foresee(months, ahead=2) == Foreseen(2_300, 2_300, 2_300)


def test_nine_in_ten_months_come_between_the_two_sums():
    chance = random.Random("a newsroom of middling luck")
    months, value, hits = [], 100_000.0, []
    for n in range(400):
        came, gone = max(0, chance.gauss(5_000, 1_500)), value * max(0, chance.gauss(0.05, 0.015))
        value += came - gone
        if n > 30:
            foreseen = foresee(months, ahead=1)
            hits.append(foreseen.low <= value <= foreseen.high)
        months.append(Past(round(value), round(came), round(gone)))

    assert 0.82 <= sum(hits) / len(hits) <= 0.96
