"""Money in the desk."""

import pytest

from tamizdat.funding.models import AmountLadder, RiskRule
from tests.funding.givers import give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("outlet")
LADDER = {"currency": "SEK", "interval": "month", "presets": "20 50 100", "proposed": "50"}


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("ana"))
    return client


def test_pledges_and_gifts_can_be_read_without_an_address(desk, nowhere):
    pledge_of(nowhere)
    give(nowhere, wish("once", minor=700))

    pledges = desk.get("/desk/pledge/").content.decode()
    gifts = desk.get("/desk/contribution/").content.decode()

    assert "$5" in pledges
    assert "$7" in gifts
    assert "example.org" not in pledges + gifts


@pytest.mark.parametrize("path", ["pledge/new/", "contribution/new/", "pledge/edit/1/"])
def test_gifts_are_not_written_by_hand_not_even_by_a_superuser(desk, path):
    assert desk.get(f"/desk/{path}").status_code in (302, 404)


def test_amounts_are_written_in_units(desk):
    answer = desk.post("/desk/amountladder/new/", LADDER | {"least": "20", "most": "9000"})

    ladder = AmountLadder.objects.get(currency="SEK")
    assert answer.status_code == 302
    assert (ladder.presets_minor, ladder.least_minor) == ([2000, 5000, 10000], 2000)


@pytest.mark.parametrize(
    "wrong", [{"least": "60"}, {"most": "2"}, {"presets": "50 20"}, {"proposed": "x"}]
)
def test_amounts_that_contradict_each_other_are_refused(desk, wrong):
    answer = desk.post("/desk/amountladder/new/", LADDER | {"least": "20", "most": "9000"} | wrong)

    assert answer.status_code == 200
    assert not AmountLadder.objects.filter(currency="SEK").exists()


def test_a_safety_rule_is_written_by_country(desk):
    words = {
        "country": "BY",
        "method": "any",
        "interval": "any",
        "action": "never",
        "starts_on": "2027-01-01",
    }

    assert desk.post("/desk/riskrule/new/", words).status_code == 302
    assert RiskRule.objects.get().country == "BY"
