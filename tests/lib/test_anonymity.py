"""Nothing that is told stands for one to four people."""

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.anonymity import FEWEST, apart, is_few

counts = st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=12)


@given(counts=counts)
def test_each_name_is_told_once(counts):
    alone, together = apart(counts)

    assert sorted(alone + together) == sorted(counts)


@given(counts=counts)
def test_nothing_few_is_told_alone(counts):
    alone, _together = apart(counts)

    assert not any(is_few(counts[name]) for name in alone)


@given(counts=counts)
def test_what_is_told_together_is_not_few_unless_all_of_it_is(counts):
    _alone, together = apart(counts)

    assert not is_few(sum(counts[name] for name in together)) or is_few(sum(counts.values()))


@given(counts=counts)
def test_what_may_stand_alone_does_unless_it_is_needed_to_hide_the_few(counts):
    _alone, together = apart(counts)
    large = [name for name in together if counts[name] >= FEWEST]

    assert len(large) <= 1
    assert not large or any(is_few(counts[name]) for name in together)


def test_none_at_all_points_to_nobody():
    assert [n for n in range(7) if is_few(n)] == [1, 2, 3, 4]
    assert apart({"a": 0, "b": 9}) == (["a", "b"], [])
