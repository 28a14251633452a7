import pytest
from django.urls import reverse

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Message
from tamizdat.appeals.months import Month
from tamizdat.appeals.panels import AskPanel

pytestmark = pytest.mark.usefixtures("newsroom")


def told():
    return AskPanel().get_context_data({})


def test_a_language_whose_banner_is_off_is_missed():
    Message.objects.filter(placement="banner", locale__language_code="ru").update(is_on=False)

    assert (told()["banners"], told()["asks"], told()["languages"]) == (2, 3, 3)


def test_readers_who_wait_are_counted_and_not_named(admin_client):
    reminding.remember(address="ana@example.org", month=Month(2027, 1), language="en", gift=None)

    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "the first in January 2027" in page
    assert "example.org" not in page


def test_it_asks_the_database_four_things(django_assert_num_queries):
    with django_assert_num_queries(4):
        told()
