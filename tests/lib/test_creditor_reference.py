"""What is typed into a bank's form, printed by it, wrapped, and read by us again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.creditor_reference import (
    ALPHABET,
    fits,
    found_in,
    in_groups,
    reference_from,
)

numbers = st.integers(0, 2**64)


def test_it_is_a_reference_of_the_standard():
    assert fits("RF18539007547034")  # the example of ISO 11649
    assert fits(reference_from(0))
    assert not fits("RF19539007547034")


@given(numbers)
def test_it_is_always_sixteen_characters_that_spell_nothing(number):
    reference = reference_from(number)

    assert len(reference) == 16
    assert set(reference[4:]) <= set(ALPHABET)
    assert not set("AEIOUY") & set(reference[4:])


@given(numbers, st.lists(st.sampled_from(["", " ", "-", "\n", "/", ". "]), min_size=15))
def test_it_is_found_whatever_a_bank_puts_between(number, between):
    reference = reference_from(number)
    written = "".join(letter + mark for letter, mark in zip(reference, between, strict=False))
    written += reference[len(between) :]

    assert found_in(f"GIFT {written.lower()} thank you") == {reference}


@given(numbers, st.integers(0, 15), st.sampled_from(ALPHABET + "019AE"))
def test_one_wrong_character_is_never_another_reference(number, place, letter):
    reference = reference_from(number)
    wrong = reference[:place] + letter + reference[place + 1 :]

    assert wrong == reference or found_in(wrong) == set()


@given(numbers, st.integers(0, 15))
def test_a_lost_character_is_never_another_reference(number, place):
    reference = reference_from(number)

    assert found_in(reference[:place] + reference[place + 1 :]) == set()


@given(numbers, st.integers(0, 14))
def test_two_swapped_characters_are_never_another_reference(number, place):
    one, two = (reference := reference_from(number))[place : place + 2]
    swapped = reference[:place] + two + one + reference[place + 2 :]

    assert one == two or found_in(swapped) == set()


def test_letters_of_a_cyrillic_keyboard_that_look_the_same_are_the_same():
    reference = reference_from(2**60 + 5)

    assert found_in(reference.translate(str.maketrans("BCHKMPTX", "ВСНКМРТХ"))) == {reference}


def test_several_are_all_found():
    first, second = reference_from(1), reference_from(2)

    assert found_in(f"{first} and {second}") == {first, second}


@pytest.mark.parametrize("text", ["", "RF", "Rechnung 4711", "RF18539007547034"])
def test_what_is_not_ours_is_not_found(text):
    assert found_in(text) == set()


def test_people_copy_groups_of_four():
    assert in_groups("RF18539007547034") == ["RF18", "5390", "0754", "7034"]
