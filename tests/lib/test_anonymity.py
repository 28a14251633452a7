"""Nothing that is told stands for one to four people."""

from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import anonymity
from tamizdat.lib.anonymity import FEWEST, are_given_away, is_few

counts = st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=12)


def apart(counts):
    return anonymity.apart(counts, lambda names: sum(counts[name] for name in names))


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


@given(counts=st.lists(st.integers(0, 20), max_size=8))
def test_a_sum_beside_its_parts_leaves_open_how_many_the_few_are(counts):
    few = [count for count in counts if is_few(count)]
    least = sum(few) - (FEWEST - 1) * (len(few) - 1)
    most = sum(few) - (len(few) - 1)

    if few and not are_given_away(counts):
        assert max(1, least) < min(FEWEST - 1, most)
        assert not is_few(sum(few))


def test_a_sum_beside_its_parts_is_told_where_several_are_few_or_none_is():
    assert [n for n in range(7) if are_given_away([9, n])] == [1, 2, 3, 4]
    assert not are_given_away([9, 3, 4])
    assert are_given_away([9, 4, 4])


def test_whoever_stands_behind_several_names_is_counted_once():
    people = {"card": {1, 2, 3}, "transfer": {2, 3, 4}, "crypto": set(range(9))}

    assert anonymity.apart(people, lambda names: len(set().union(*map(people.get, names)))) == (
        [],
        ["card", "transfer", "crypto"],
    )


def test_none_at_all_points_to_nobody():
    assert [n for n in range(7) if is_few(n)] == [1, 2, 3, 4]
    assert apart({"a": 0, "b": 9}) == (["a", "b"], [])
