"""The public list from which browsers choose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from wagtail.models import Locale, Page

from tamizdat.appeals import listing
from tamizdat.appeals.choosing import Choice, choose
from tamizdat.appeals.models import Asking, Campaign, Experiment, Message
from tamizdat.appeals.models.experiment import Arm
from tamizdat.funding.models import RiskRule
from tests.appeals.choosing_cases import READER
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")
ADDRESSES = {7: "/harbour/"}


def listed(language="en"):
    return listing.listed(language, now=NOON, address_of=ADDRESSES.get)


def banner(**fields):
    locale = Locale.objects.get(language_code="en")
    words = {"placement": "banner", "text": "We live on gifts", "button": "Give"}
    return Message.objects.create(locale=locale, **(words | fields))


def never(country, **fields):
    how = {"action": "never", "starts_on": NOON.date()} | fields
    return RiskRule.objects.create(country=country, **how)


def ids(made, place="banner"):
    return [rule["id"] for rule in made["rules"] if rule["place"] == place]


def test_a_founded_newsroom_lists_a_banner_an_ask_and_a_safety_notice():
    assert [rule["place"] for rule in listed()["rules"]] == ["safety", "banner", "ask"]


def test_what_is_no_condition_is_left_out():
    message = banner(views_most=None, closed_days=0, gave_days=0, later_days=0)

    rule = listing.rule_of(message, address_of=ADDRESSES.get)
    assert rule == {"id": message.key, "place": "banner"}


def test_days_between_two_count_also_where_there_is_no_most():
    message = banner(views_most=None, views_between=7)

    assert listing.rule_of(message, address_of=ADDRESSES.get)["views"] == [None, 30, 7]


def test_a_safety_notice_stays_whatever_its_reader_did_elsewhere():
    notice = Message.objects.get(placement="safety", locale__language_code="en")

    assert {"gave", "later", "views"}.isdisjoint(listing.rule_of(notice, address_of=ADDRESSES.get))


def test_a_campaign_goes_before_what_the_newsroom_says_else():
    made = Campaign.objects.create(
        name="Winter", is_on=True, begins_at=NOON, ends_at=NOON + timedelta(days=9)
    )
    usual = banner(text="Every day")
    wanted = banner(text="This winter", campaign=made, is_standing=True)
    reader = READER | {"minute": int(NOON.timestamp()) // 60}

    assert choose(listed(), "banner", reader).message == wanted.key
    usual.priority = 1
    usual.save()
    assert choose(listed(), "banner", reader).message == usual.key


def test_every_condition_is_told():
    message = banner(
        countries="AT, DE",
        not_countries="BY",
        device="phone",
        is_soft=True,
        begins_at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
        ends_at=datetime(2027, 1, 1, 0, 1, tzinfo=UTC),
        read_least=2,
        read_weeks=8,
        views_between=3,
    )

    rule = listing.rule_of(message, address_of=ADDRESSES.get)
    assert rule["ends"] - rule["begins"] == 2
    assert {name: rule[name] for name in ("countries", "not_countries", "device", "soft")} == {
        "countries": ["AT", "DE"],
        "not_countries": ["BY"],
        "device": "phone",
        "soft": True,
    }
    assert (rule["read"], rule["views"]) == ([2, None, 8], [4, 30, 3])
    assert (rule["closed"], rule["gave"], rule["later"]) == (14, 90, 31)


def test_a_message_for_pages_that_are_gone_is_shown_on_none():
    message = banner()
    message.sections.add(Page.objects.get(slug="front-en"))
    message.save()

    rule = listing.rule_of(message, address_of=lambda _pk: None)
    assert rule["sections"] == ["#"]
    reader = READER | {"section": "", "topics": []}  # of a page elsewhere that says nothing
    assert choose(listed() | {"rules": [rule]}, "banner", reader).message == ""


def test_priority_comes_first_then_what_stands_on_no_page():
    first, second = banner(priority=5), banner()
    own = Message.objects.standing("banner", language="en", now=NOON)

    assert ids(listed()) == [first.key, second.key, own.key]


@pytest.mark.parametrize("change", [{"is_on": False}, {"placement": "thanks"}])
def test_what_is_off_or_stands_elsewhere_is_not_listed(change):
    message = banner(**change)

    assert message.key not in [rule["id"] for rule in listed()["rules"]]


def test_when_we_ask_nowhere_there_is_nothing_to_choose_from():
    Asking.objects.update(is_off=True)

    assert listed()["rules"] == []


def test_the_holdback_is_told_in_ten_thousandths():
    Asking.objects.update(holdback="2.50")

    assert listed()["holdback"] == 250


def test_a_language_may_be_wary_of_the_unknown():
    asking = Asking.objects.get()
    asking.wary_in.add(Locale.objects.get(language_code="ru"))
    asking.save()

    assert listed("ru")["unknown_is_never"]
    assert not listed("en")["unknown_is_never"]


def test_a_country_from_which_nothing_may_be_taken_is_named_with_its_time_zones():
    never("BY")
    never("KZ", starts_on=NOON.date() + timedelta(days=1))

    made = listed()
    assert made["never"] == ["BY"]
    assert made["zones"]["Europe/Minsk"] == "BY"
    assert "Asia/Almaty" not in made["zones"]


def test_a_country_where_one_way_to_pay_is_safe_is_asked():
    never("BY", method="crypto")

    assert listed()["never"] == []


def test_time_zones_that_hide_a_country_are_unknown_and_old_names_are_known():
    zones = listing.zones_of(["IN", "IS", "UA"])

    assert (zones["Europe/Kiev"], zones["Asia/Calcutta"]) == ("UA", "IN")
    assert (zones["UTC"], zones["Atlantic/Reykjavik"]) == ("", "")
    assert "Europe/Berlin" not in zones


@pytest.mark.parametrize(
    ("countries", "counts_as"),
    [(["BY", "RU"], "RU"), (["UA"], "UA"), (["UA", "RU"], "UA"), (["RU", "UA"], "RU")],
)
def test_a_reader_in_crimea_is_of_whichever_country_comes_first(countries, counts_as):
    assert listing.zones_of(countries)["Europe/Simferopol"] == counts_as
    assert "Europe/Simferopol" not in listing.zones_of(["BY"])


def test_where_giving_is_a_crime_comes_before_where_a_message_is_shown():
    banner(countries="UA")
    never("RU")
    assert listed()["zones"]["Europe/Simferopol"] == "RU"

    RiskRule.objects.update(country="UA")
    Message.objects.filter(countries="UA").update(countries="RU")
    assert listed()["zones"]["Europe/Simferopol"] == "UA"


@pytest.fixture
def experiment():
    made = Experiment.objects.create(key="short-or-long", name="Short or long?")
    for name in "ab":
        Arm.objects.create(experiment=made, name=name, share=5_000)
    return made


def test_an_experiment_is_listed_while_it_is_on(experiment):
    messages = [banner(arm=arm, priority=1) for arm in experiment.arms.all()]
    own = Message.objects.standing("banner", language="en", now=NOON)
    assert ids(listed()) == [own.key]

    assert experiment.begin(now=NOON)
    made = listed()
    assert made["tests"] == {"short-or-long": {"arms": ["a", "b"], "shares": [5_000, 5_000]}}
    assert ids(made) == [*(each.key for each in messages), own.key]
    shown = {choose(made, "banner", READER | {"number": number}) for number in range(50)}
    assert shown == {Choice(each.key, ("short-or-long",)) for each in messages}

    assert experiment.end(now=NOON + timedelta(days=9))
    assert ids(listed()) == [own.key]


def test_an_experiment_that_is_over_does_not_begin_again(experiment):
    experiment.begin(now=NOON)
    experiment.end(now=NOON + timedelta(days=9))

    assert not experiment.begin(now=NOON + timedelta(days=10))


def test_the_message_of_the_page_itself_stays_when_its_experiment_ends(experiment):
    own = Message.objects.filter(placement="banner", locale__language_code="en")
    own.update(arm=experiment.arms.get(name="a"))

    assert "test" not in next(rule for rule in listed()["rules"] if rule["place"] == "banner")


@pytest.fixture
def campaign():
    return Campaign.objects.create(
        name="Ten years", is_on=True, begins_at=NOON, ends_at=NOON + timedelta(days=3)
    )


def test_a_campaign_turns_the_pages_to_its_message_and_back_by_itself(campaign):
    own = Message.objects.standing("banner", language="en", now=NOON)
    its = banner(campaign=campaign, is_standing=True, is_large=True, headline="Ten years")

    def shown(**passed):
        return Message.objects.standing("banner", language="en", now=NOON + timedelta(**passed))

    assert [shown(hours=-1), shown(), shown(days=3)] == [own, its, own]
    assert Message.objects.next_change(now=NOON) == campaign.ends_at
    Campaign.objects.update(is_on=False)
    assert shown() == own


@pytest.mark.parametrize(("priority", "is_newer"), [(0, True), (1, False)])
def test_of_two_campaigns_at_once_every_reader_sees_the_same(campaign, priority, is_newer):
    times = {"begins_at": NOON, "ends_at": NOON + timedelta(days=9)}
    newer = Campaign.objects.create(name="Winter", is_on=True, **times)
    ours = [
        banner(campaign=campaign, is_standing=True, priority=priority),
        banner(campaign=newer, is_standing=True),
    ]
    reader = READER | {"minute": int(NOON.timestamp()) // 60}
    shown = Message.objects.standing("banner", language="en", now=NOON)

    assert shown == ours[is_newer]
    assert choose(listed(), "banner", reader).message == shown.key


def test_the_messages_of_a_campaign_have_its_times_in_the_list(campaign):
    within = NOON + timedelta(days=1)
    message = banner(campaign=campaign, begins_at=within)

    rule = next(rule for rule in listed()["rules"] if rule["id"] == message.key)
    assert (rule["begins"], rule["ends"]) == (
        within.timestamp() // 60,
        campaign.ends_at.timestamp() // 60,
    )
    Campaign.objects.update(is_on=False)
    assert message.key not in ids(listed())


def test_the_never_of_a_rule_that_is_to_come_does_not_count_yet():
    never("RU", starts_on=date(2026, 12, 1))

    assert listed()["never"] == []
