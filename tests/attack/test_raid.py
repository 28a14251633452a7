"""A small attack, whole: the large one is `make bench-abuse`."""

import pytest

from tests.attack import raid

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def after():
    return raid.run(attempts=240, givers=16)


def test_few_stolen_cards_reach_a_bank_and_every_giver_gives(after):
    got, givers = after["testers"], after["givers"]

    assert sum(one["attempts"] for one in got.values()) == 240
    assert got["script"]["pages"] == 0
    assert (got["changer"]["attempts"], got["changer"]["pages"]) == (12, 1)
    assert sum(one["asked"] for one in got.values()) <= 80
    assert after["trips"] >= 1
    assert (givers["paid"], givers["stopped"]) == (16, 0)
