"""Who stands at a path that several targets claim."""

import pytest
from django.db import connection

from tamizdat.editions import claiming
from tamizdat.editions.manifest import Entry
from tamizdat.editions.oven import Wanted

pytestmark = pytest.mark.django_db
PATH = "media/q/crane-480.avif"


def wanted(rank=1, name="a"):
    return Wanted(PATH, rank, Entry.file(name, size=1, content_type="image/avif"))


def stands():
    return {path: entry.hash for path, entry in claiming.standing([PATH, "elsewhere"]).items()}


def test_of_several_the_lowest_rank_stands_and_then_the_lowest_number():
    claiming.replace({9: [wanted(2, "low rank")], 8: [wanted(name="b")], 7: [wanted(name="a")]})
    assert stands() == {PATH: "a"}

    assert claiming.replace({7: []}) == {PATH}
    assert stands() == {PATH: "b"}
    assert claiming.replace({8: []}) == {PATH}
    assert stands() == {PATH: "low rank"}
    assert claiming.replace({9: []}) == {PATH}
    assert stands() == {}


def test_one_more_or_less_of_the_same_changes_nothing_for_readers():
    claiming.replace({8: [wanted()]})

    assert claiming.replace({7: [wanted()]}) == set()
    assert claiming.replace({8: []}) == set()
    assert stands() == {PATH: "a"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts the steps it takes")
def test_a_path_that_a_thousand_claim_takes_no_more_steps_than_one_that_two_do():
    def steps():
        taken = []
        connection.connection.set_progress_handler(lambda: taken.append(1), 1)
        stands()
        connection.connection.set_progress_handler(None, 1)
        return len(taken)

    claiming.replace({number: [wanted()] for number in (1, 2)})
    of_two = steps()
    claiming.replace({number: [wanted()] for number in range(3, 1000)})

    assert 0 < steps() == of_two
