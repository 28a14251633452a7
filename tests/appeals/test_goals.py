"""How far a campaign has come, as readers are told."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from tamizdat.appeals import exporting, goals
from tamizdat.appeals.models import Campaign, Message
from tamizdat.funding.models import Contribution
from tamizdat.payments.models import Charge
from tamizdat.theme.facts.surrounds import html_of
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def campaign():
    ends_at = NOON + timedelta(days=9)
    times = {"begins_at": NOON, "ends_at": ends_at, "is_on": True}
    return Campaign.objects.create(name="Ten years", goal="1000", goal_currency="USD", **times)


def gifts(count, *, minor=1_000, currency="USD", at=NOON, refunded=0):
    for _ in range(count):
        money = {"amount_minor": minor, "currency": currency, "refunded_minor": refunded}
        arrived = {"state": "succeeded", "succeeded_at": at, "created_at": at}
        charge = Charge.objects.create(**money, **arrived)
        Contribution.objects.create(charge=charge, language="en", created_at=at)


def reached(campaign):
    goals.measure(now=NOON + timedelta(days=1))
    campaign.refresh_from_db()
    return campaign.reached


def test_it_is_shown_in_steps_and_never_above_the_goal(campaign):
    gifts(22, minor=1_200)
    assert reached(campaign) == 25  # 264 of 1,000

    gifts(1, minor=99_000)
    assert reached(campaign) == 100


def test_nothing_is_shown_while_few_have_given(campaign):
    gifts(goals.FEWEST_GIFTS - 1, minor=5_000)
    assert reached(campaign) is None

    gifts(1)
    assert reached(campaign) == 95


def test_what_came_before_in_another_currency_or_went_back_does_not_count(campaign):
    gifts(20)
    gifts(5, at=NOON - timedelta(days=1))
    gifts(5, currency="EUR")
    gifts(5, refunded=1_000)

    assert reached(campaign) == 20


def test_a_campaign_that_is_over_is_measured_no_more(campaign):
    gifts(20)
    goals.measure(now=campaign.ends_at)

    campaign.refresh_from_db()
    assert campaign.reached is None


@pytest.mark.parametrize(("language", "words"), [("en", "45% of $1,000"), ("ru", "45\xa0% из")])
def test_readers_see_it_in_the_ask_and_in_a_large_banner(campaign, language, words):
    Campaign.objects.update(reached=45)
    Message.objects.update(campaign=campaign, is_large=True)
    for placement in ("ask", "banner"):
        message = Message.objects.get(placement=placement, locale__language_code=language)
        with override(language):
            assert words in html_of(message)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"goal": "many"}, "goal"),
        ({"goal": "0"}, "goal"),
        ({"goal_currency": ""}, "goal_currency"),
        ({"goal": ""}, "goal_currency"),
        ({"ends_at": NOON}, "ends_at"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(campaign, fields, wrong):
    for name, value in fields.items():
        setattr(campaign, name, value)
    with pytest.raises(ValidationError) as refused:
        campaign.full_clean()

    assert wrong in refused.value.message_dict


def test_a_message_leaves_with_who_sees_it_and_its_campaign(campaign):
    Message.objects.filter(placement="ask").update(campaign=campaign, countries="AT")
    piece = next(one for one in exporting.pieces() if one.path == "outlet/messages.json")

    ask = next(row for row in json.loads(b"".join(piece.content())) if row["placement"] == "ask")
    assert ask["who_sees_it"]["countries"] == ["AT"]
    assert ask["campaign"]["goal_in_minor_units"] == 100_000
