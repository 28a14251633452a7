"""A few of the simulations of docs/experiments.md, by the same seed each time."""

from dataclasses import replace

from tests.bench.experiments.simulating import (
    World,
    by_a_usual_test,
    by_the_desk,
    forged,
    share_decided,
    share_warned,
    stops,
)

SEED = 20261127
BUSY = World(rate=0.01, readers_a_day=2_000, days=40)


def decided(world, rule=by_the_desk, runs=200):
    return share_decided(stops(world, rule, runs=runs, seed=SEED))


def test_two_arms_that_are_the_same_are_seldom_told_apart_however_often_one_looks():
    assert decided(BUSY) <= 0.05
    assert decided(replace(BUSY, measure="gifts")) <= 0.05


def test_four_arms_that_are_the_same_are_no_more_often_told_apart_than_two():
    assert decided(replace(BUSY, arms=4, days=20), runs=100) <= 0.05


def test_a_usual_test_would_tell_them_apart_far_too_often():
    assert decided(BUSY, by_a_usual_test) > 0.2


def test_an_arm_that_brings_half_as_much_again_is_found():
    assert decided(replace(BUSY, more=0.5), runs=60) > 0.9


def test_a_twentieth_of_forged_readers_is_noticed_and_chance_is_not():
    assert share_warned(forged(BUSY, part=0.05), runs=30, seed=SEED) == 1
    assert share_warned(BUSY, runs=100, seed=SEED) <= 0.02
