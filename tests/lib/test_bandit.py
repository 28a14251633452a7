import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.lib import bandit

WHOLE = 10_000
arms = st.lists(
    st.integers(0, 5_000).flatmap(lambda met: st.tuples(st.integers(0, met), st.just(met))),
    min_size=2,
    max_size=4,
)


def shares(*found, seed="of a test"):
    gifts, met = zip(*found, strict=True)
    return bandit.shares(gifts, met, whole=WHOLE, seed=seed)


def test_before_anything_is_known_all_get_about_the_same():
    assert shares((0, 0), (0, 0)) == pytest.approx([5_000, 5_000], abs=200)


def test_what_is_surely_best_gets_all_but_the_floor():
    assert shares((10, 1_000), (300, 1_000), (12, 1_000)) == [1_000, 8_000, 1_000]


def test_what_looks_better_gets_more_while_it_is_not_certain():
    worse, better = shares((30, 10_000), (38, 10_000))

    assert 1_000 < worse < better < 9_000


@settings(max_examples=15)
@given(arms)
def test_shares_are_whole_sum_to_the_whole_and_leave_nobody_out(found):
    given_out = shares(*found)

    assert sum(given_out) == WHOLE
    assert min(given_out) >= 1_000


def test_the_same_figures_give_the_same_shares_and_another_day_draws_anew():
    assert shares((30, 10_000), (33, 10_000)) == shares((30, 10_000), (33, 10_000))
    assert shares((30, 10_000), (33, 10_000)) != shares((30, 10_000), (33, 10_000), seed="other")


def test_more_gifts_than_readers_is_no_crash():
    assert sum(shares((5, 2), (0, 0))) == WHOLE
