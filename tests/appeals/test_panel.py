import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Message, Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.panels import AskPanel
from tamizdat.appeals.reminding import Wish
from tests.appeals.experiments import DAY, experiment, meet
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("newsroom")


def told():
    return AskPanel().get_context_data({})


def test_a_language_whose_banner_is_off_is_missed():
    Message.objects.filter(placement="banner", locale__language_code="ru").update(is_on=False)

    assert (told()["banners"], told()["asks"], told()["languages"]) == (2, 3, 3)


def wait(**counts):
    for name, count in counts.items():
        month = Month(2027, ["january", "february"].index(name) + 1)
        for n in range(count):
            wish = Wish(address=f"{name}-{n}@example.org", month=month, language="en")
            reminding.remember(wish, now=NOON)


def test_readers_who_wait_are_counted_and_not_named(admin_client):
    wait(january=5)

    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "the first in January 2027" in page
    assert "example.org" not in page


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "0"),
        ({"january": 1}, "fewer than 5"),
        ({"january": 5}, "5"),
        ({"january": 5, "february": 1}, "–"),  # with the figures, 6 would tell that it is one
    ],
)
def test_so_few_that_they_could_be_found_are_told_as_the_figures_tell_them(counts, words):
    wait(**counts)
    assert told()["waiting"] == words

    Reminder.objects.update(sent_count=1, sent_at=NOON)
    assert (told()["waiting"], told()["mailed_once"]) == ("0", words)


def test_what_experiments_show_is_read_in_the_morning(admin_client):
    experiment("over").end(now=NOON + DAY)
    meet(experiment(), a=500, b=510)

    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert page.count("Which words? Too early to tell: 1,010 of 5,000 readers.") == 1


@pytest.mark.parametrize(("role", "is_told"), [("Revenue lead", True), ("Reporter", False)])
def test_whoever_may_not_run_experiments_is_not_told(client, django_user_model, role, is_told):
    user = django_user_model.objects.create_user("who")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)

    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert ("The asks" in page) == is_told


def test_it_asks_the_database_four_things(django_assert_num_queries):
    with django_assert_num_queries(4):
        told()
