"""From their own page a supporter names cards anew a few times a day, and not while it is off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.funding import access, cards, guarding, restarting, selfservice
from tamizdat.funding.models import Pledge
from tamizdat.payments import breaking
from tamizdat.payments.models import Setup
from tamizdat.payments.models.charge import new_reference
from tests.funding.givers import at, pledge_of

START = at(2027, 1, 31)
A_DAY = guarding.OF_A_SUPPORTER.burst


@pytest.fixture
def pledge(nowhere, outlet):
    return pledge_of(nowhere, now=START)


def another(pledge, *, now=START):
    """A page for another card, of which nothing comes."""
    page = cards.begin(pledge, language="en", now=now)
    Setup.objects.get(pledge=pledge).move_to("abandoned", reason="left", closed_at=now)
    pledge.refresh_from_db()
    return page


def again(pledge, reference=None, *, now=START):
    return restarting.restart(pledge, reference=reference or new_reference(), now=now)


@pytest.mark.parametrize("name", [another, again])
def test_so_many_a_day_whatever_the_browser_sends(pledge, name):
    if name is again:
        selfservice.stop(pledge, now=START)
    for _ in range(A_DAY):
        name(pledge)
    written = Setup.objects.count(), Pledge.objects.count()

    with pytest.raises(guarding.NotNow):
        name(pledge)
    assert (Setup.objects.count(), Pledge.objects.count()) == written
    assert name(pledge, now=START + timedelta(hours=5))


@pytest.mark.parametrize("name", [another, again])
def test_while_it_is_off_nothing_is_begun(pledge, name):
    if name is again:
        selfservice.stop(pledge, now=START)
    breaking.turn_off("demo-bank", now=START)

    with pytest.raises(guarding.NotNow):
        name(pledge)
    assert (Setup.objects.count(), Pledge.objects.count()) == (0, 1)


def test_a_page_that_is_open_stays_open(pledge):
    page = cards.begin(pledge, language="en", now=START)
    breaking.turn_off("demo-bank", now=START)

    assert [cards.begin(pledge, language="en", now=START).url for _ in range(9)] == [page.url] * 9


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("action", ["card", "restart"])
def test_the_page_says_when_to_come_back(client, nowhere, action):
    now = timezone.now()
    pledge = pledge_of(nowhere, now=now)
    if action == "restart":
        selfservice.stop(pledge, now=now)
    breaking.turn_off("demo-bank", now=now)
    mine = f"/manage/{access.token_for(pledge.supporter, pledge, now=now)}/"

    answer = client.post(mine, {"action": action, "reference": "a" * 22})

    assert answer.status_code == 409
    assert "come back in half an hour" in answer.content.decode()
