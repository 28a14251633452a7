"""Which message a reader sees: by the evaluator of previews. The browser's own is a journey."""

import random
from collections import Counter

import pytest

from tamizdat.appeals.choosing import Choice, arm_of, choose, mix
from tamizdat.lib import mismatch
from tests.appeals.choosing_cases import ASKS, CASES, READER, RULE, TODAY

HALVES = {"t": {"arms": ["a", "b"], "shares": [5_000, 5_000]}}
NOBODY = Choice()


def asks(*rules, **changes):
    return ASKS | {"rules": list(rules)} | changes


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_table(name):
    rule, reader, is_shown = CASES[name]

    choice = choose(asks(RULE | rule), "banner", READER | reader)

    assert choice == (Choice("plain") if is_shown else NOBODY)


def test_the_first_that_holds_is_shown():
    first = RULE | {"id": "first", "countries": ["AT"]}
    rules = [first, RULE | {"id": "second"}, RULE]

    assert choose(asks(*rules), "banner", READER) == Choice("second")


def test_where_giving_endangers_the_safety_notice_stands_in_place_of_an_ask():
    rules = [RULE, RULE | {"id": "help", "place": "safety"}]

    assert choose(asks(*rules), "banner", READER | {"country": "BY"}) == Choice("help")
    assert choose(asks(RULE), "banner", READER | {"country": "BY"}) == NOBODY


def test_it_stands_there_for_the_unknown_too_where_the_language_says_so():
    rules, unknown = [RULE, RULE | {"id": "help", "place": "safety"}], READER | {"country": ""}

    assert choose(asks(*rules), "banner", unknown) == Choice("plain")
    assert choose(asks(*rules, unknown_is_never=True), "banner", unknown) == Choice("help")


def test_it_is_enough_that_the_server_or_the_clock_says_where_that_is():
    rules, hidden = [RULE, RULE | {"id": "help", "place": "safety"}], READER | {"country": ""}

    for reader in (hidden | {"edge": "BY"}, READER | {"edge": "BY"}):
        assert choose(asks(*rules), "banner", reader) == Choice("help")
    assert choose(asks(*rules), "banner", hidden | {"edge": "DE"}) == Choice("plain")


def test_who_hides_the_clock_may_hide_behind_an_address_too():
    rules, hidden = [RULE, RULE | {"id": "help", "place": "safety"}], READER | {"country": ""}
    abroad = hidden | {"edge": "AT"}  # as Tor Browser, whose way out is there

    assert choose(asks(*rules, unknown_is_never=True), "banner", abroad) == Choice("help")
    assert choose(asks(RULE | {"countries": ["AT"]}), "banner", abroad) == Choice("plain")
    assert choose(asks(RULE | {"not_countries": ["AT"]}), "banner", abroad) == NOBODY


def test_who_is_held_back_is_not_asked_and_still_warned():
    held = READER | {"number": 499}
    help_there = RULE | {"id": "help", "place": "safety"}

    assert choose(asks(RULE, holdback=500), "banner", held) == NOBODY
    assert choose(asks(RULE, holdback=500), "banner", READER | {"number": 500}) == Choice("plain")
    there = held | {"country": "BY"}
    assert choose(asks(help_there, holdback=500), "banner", there) == Choice("help")
    large = READER | {"number": 2**32 - 7_296 + 499}  # of which 2**32 - 7,296 is ten thousands
    assert choose(asks(RULE, holdback=500), "banner", large) == NOBODY


def arm(name, **changes):
    return RULE | {"id": name, "test": "t", "arm": name} | changes


def chosen(rules, number, **tests):
    return choose(asks(*rules, tests=tests or HALVES), "banner", READER | {"number": number})


def test_arms_are_shared_out_as_they_should_be_and_stay():
    tests = {"t": {"arms": ["a", "b", "c"], "shares": [1_000, 4_500, 4_500]}}
    choices = [chosen([arm("a"), arm("b"), arm("c")], n, **tests) for n in range(10_000)]

    shares = [choices.count(Choice(name, ("t",))) for name in "abc"]
    assert shares == pytest.approx([1_000, 4_500, 4_500], rel=0.08)
    assert choices == [chosen([arm("a"), arm("b"), arm("c")], n, **tests) for n in range(10_000)]


def test_two_halves_of_a_hundred_thousand_browsers_differ_by_no_more_than_chance():
    drawn = random.Random(1)
    numbers = [drawn.getrandbits(32) for _ in range(100_000)]
    for test in ("words", "amounts", "place"):
        tests = {test: {"arms": ["a", "b"], "shares": [5_000, 5_000]}}
        arms = Counter(arm_of(asks(tests=tests), test, READER | {"number": n}) for n in numbers)

        assert mismatch.chance([arms["a"], arms["b"]], [5_000, 5_000]) > 0.001


def test_an_arm_that_was_given_is_kept_while_there_is_one():
    reader = READER | {"arms": {"t": "b"}}
    uneven = {"t": {"arms": ["a", "b"], "shares": [10_000, 0]}}
    gone = {"t": {"arms": ["a", "c"], "shares": [5_000, 5_000]}}

    kept = choose(asks(arm("a"), arm("b"), tests=uneven), "banner", reader)
    assert kept == Choice("b", ("t",))
    assert choose(asks(arm("a"), arm("c"), tests=gone), "banner", reader).message in ("a", "c")


def test_whoever_sees_nothing_in_their_arm_has_met_the_test_all_the_same():
    choices = {chosen([arm("a")], number) for number in range(100)}

    assert choices == {Choice("a", ("t",)), Choice("", ("t",))}


def test_where_no_rule_of_a_test_holds_it_is_not_met():
    assert chosen([arm("a", countries=["AT"]), arm("b", countries=["AT"])], 1) == NOBODY


def test_what_comes_before_a_test_is_shown_without_meeting_it():
    assert chosen([RULE, arm("a"), arm("b")], 1) == Choice("plain")


def test_the_arms_may_differ_in_who_sees_them_and_readers_are_counted_alike():
    rules = [arm("a", views=[1, 30, 0]), arm("b", views=[4, 30, 0]), RULE]
    tired = {"views": [["banner", TODAY]]}
    met = {
        choose(asks(*rules, tests=HALVES), "banner", READER | tired | {"arms": {"t": name}})
        for name in "ab"
    }

    assert met == {Choice("plain", ("t",)), Choice("b", ("t",))}


def test_the_mixing_is_the_one_that_was_published():
    # http://www.isthe.com/chongo/tech/comp/fnv/ gives 0xe40c292c for "a".
    assert (mix(""), mix("a")) == (0x811C9DC5, 0xE40C292C)
