import pytest

from tamizdat.appeals import sharing
from tamizdat.appeals.models import Experiment
from tests.appeals.experiments import DAY, experiment, given, meet
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")
TOMORROW = NOON + DAY


def shares(found):
    return list(found.arms.order_by("name").values_list("share", flat=True))


def test_the_arm_that_brings_more_gets_more_readers_and_no_arm_too_few():
    found = experiment(is_bandit=True, arms=("a", "b"))
    meet(found, a=10_000, b=10_000)
    given(found, "a", 10, at=NOON)
    given(found, "b", 60, at=NOON)

    assert sharing.share_anew(now=TOMORROW) == 1
    assert shares(found) == [1_000, 9_000]


def test_it_is_done_once_a_day():
    found = experiment(is_bandit=True)
    meet(found, a=10_000, b=10_000)
    sharing.share_anew(now=TOMORROW)
    before = shares(found)
    given(found, "b", 60, at=NOON)

    assert sharing.share_anew(now=TOMORROW) == 0
    assert shares(found) == before
    assert sharing.share_anew(now=TOMORROW + DAY) == 1
    assert shares(found) == [1_000, 9_000]


@pytest.mark.parametrize("fields", [{}, {"is_bandit": True, "begins": None}])
def test_what_is_no_bandit_or_is_not_on_keeps_its_shares(fields):
    found = experiment(**fields)
    meet(found, a=10_000, b=10_000)
    given(found, "b", 60, at=NOON)

    assert sharing.share_anew(now=TOMORROW) == 0
    assert shares(found) == [5_000, 5_000]


def test_one_that_has_ended_keeps_what_it_had():
    experiment(is_bandit=True).end(now=TOMORROW)

    assert sharing.share_anew(now=TOMORROW) == 0
    assert not Experiment.objects.get().is_on
