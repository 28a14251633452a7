"""What the desk says of an experiment, and that it is right as often as it claims."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.appeals.judging import Kind, Standing, judge
from tamizdat.lib.samples import Sample


def arm(name, met, gifts, *, share=5_000, worth=60):
    return Standing(name, share, met, gifts, Sample(met, gifts * worth, gifts * worth**2))


def verdict(*arms, planned=100_000, days_left_out=0):
    return judge(arms, planned=planned, days_left_out=days_left_out)


def test_a_few_readers_are_too_few():
    assert verdict(arm("a", 590, 30), arm("b", 610, 60)).sentence == (
        "Too early to tell: 1,200 of 5,000 readers."
    )


def test_a_few_gifts_are_too_few_however_many_readers_somebody_counted():
    found = verdict(arm("a", 500_000, 3), arm("b", 500_000, 400))

    assert (found.kind, found.sentence) == (
        Kind.EARLY,
        "Too early to tell: A has fewer than 25 gifts.",
    )


def test_what_is_better_is_said_with_how_much():
    found = verdict(arm("a", 50_000, 150), arm("b", 50_000, 300))

    assert found.kind == Kind.DECIDED
    assert found.sentence.startswith("B brings ")
    assert found.sentence.endswith(" more than A. You can stop.")


def test_what_is_worse_is_not_to_be_kept():
    found = verdict(arm("a", 50_000, 300), arm("b", 50_000, 150))

    assert found.kind == Kind.DECIDED
    assert found.sentence.startswith("Keep A: B brings ")
    assert " less. You can stop." in found.sentence


def test_what_is_not_certain_is_told_as_such():
    found = verdict(arm("a", 10_000, 30), arm("b", 10_000, 35))

    assert found.kind == Kind.OPEN
    assert found.sentence.startswith("No difference is certain yet: B brings between ")


def test_a_difference_too_small_to_matter_need_not_be_waited_for():
    found = verdict(arm("a", 3_000_000, 9_000), arm("b", 3_000_000, 9_050))

    assert (found.kind, found.sentence) == (
        Kind.ALIKE,
        "Alike: nothing differs by 10 % or more. You can stop.",
    )


def test_of_three_the_best_is_named():
    found = verdict(
        arm("a", 50_000, 150, share=3_334),
        arm("b", 50_000, 320, share=3_333),
        arm("c", 50_000, 600, share=3_333),
    )

    assert found.sentence.startswith("C brings ")
    assert [one.is_better for one in found.comparisons] == [True, True]


@pytest.mark.parametrize(
    "arms",
    [
        (arm("a", 50_000, 150), arm("b", 52_000, 400)),
        (arm("a", 50_000, 150), arm("b", 10, 20)),
    ],
)
def test_counts_that_cannot_be_are_said_before_anything_else(arms):
    found = verdict(*arms)

    assert found.kind == Kind.WRONG
    assert found.sentence.startswith("Something is wrong with the counts: ")


def test_days_that_were_left_out_are_said():
    found = verdict(arm("a", 590, 3), arm("b", 610, 6), days_left_out=2)

    assert found.sentence.endswith(" 2 days are left out: somebody flooded the counts.")


@given(
    readers=st.integers(2_500, 10**6),
    gifts=st.integers(25, 2_000),
    forged=st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)),
)
def test_no_number_of_forged_readers_brings_about_a_verdict_of_its_own(readers, gifts, forged):
    """Of two arms that are the same: whoever forges is noticed, or moves nothing that counts."""
    gifts = min(gifts, readers // 100)
    arms = (arm(name, readers + more, gifts) for name, more in zip("ab", forged, strict=True))

    found = verdict(*arms)

    assert found.kind != Kind.DECIDED
    if found.kind not in (Kind.WRONG, Kind.EARLY):
        lift = found.comparisons[0].lift
        moved, half = abs(math.log1p(lift.middle)), math.log1p(lift.high) - math.log1p(lift.middle)
        assert moved < half / 5
