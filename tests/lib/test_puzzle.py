from dataclasses import replace

import pytest

from tamizdat.lib import puzzle


def answers(made):
    return [n for n in range(made.most) if puzzle.is_solved(made, n)]


def test_one_number_below_the_bound_solves_it_and_no_other():
    made = puzzle.make(most=16)

    assert len(answers(made)) == 1


@pytest.mark.parametrize("answer", [-1, 16, 10**9])
def test_what_is_not_below_the_bound_is_not_even_tried(answer):
    made = replace(puzzle.make(most=16), target=puzzle.key_of("x", answer), nonce="x")

    assert not puzzle.is_solved(made, answer)


def test_each_is_another():
    assert puzzle.make(most=4).nonce != puzzle.make(most=4).nonce
