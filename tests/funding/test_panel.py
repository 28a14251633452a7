"""What an editor who may see money is told of it, and what the others are not."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tamizdat.funding import chart, figures
from tamizdat.funding.panels import MoneyPanel
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead
from tamizdat.payments import refunding
from tests.conftest import NOON
from tests.funding.givers import at, give, pledge_of, wish

pytestmark = pytest.mark.usefixtures("outlet")


def this_month(*, now=NOON):
    return figures.by_month(now=now, months=1)[0]


@pytest.fixture
def home(client, django_user_model):
    def show(*permissions):
        user = django_user_model.objects.create_user("ana")
        wanted = Permission.objects.filter(codename__in=["access_admin", *permissions])
        user.user_permissions.set(wanted)
        client.force_login(user)
        return client.get(reverse("wagtailadmin_home")).content.decode()

    return show


def test_gifts_are_summed_by_month_and_currency_never_across(nowhere):
    give(nowhere, wish(minor=500))
    give(nowhere, wish("once", minor=250))
    give(nowhere, wish("once", minor=700, currency="EUR"))

    assert this_month().gifts == {"USD": Money(750, "USD"), "EUR": Money(700, "EUR")}
    assert this_month().count == 3


def test_a_gift_counts_in_the_month_it_arrived(nowhere):
    give(nowhere, wish("once", minor=300), now=at(2026, 10, 31))
    give(nowhere, wish("once", minor=400), now=at(2026, 11, 1))

    october, november = figures.by_month(now=NOON, months=2)
    assert (october.first, october.given("USD")) == (date(2026, 10, 1), Money(300, "USD"))
    assert (november.first, november.given("USD")) == (date(2026, 11, 1), Money(400, "USD"))


def test_months_without_gifts_are_there(nowhere):
    give(nowhere, wish("once"), now=NOON - timedelta(days=400))

    months = figures.by_month(now=NOON, months=12)
    assert [month.first.month for month in months] == [12, *range(1, 12)]
    assert {month.count for month in months} == {0}


def test_what_was_given_back_is_not_counted(nowhere):
    whole = give(nowhere, wish("once", minor=500))
    part = give(nowhere, wish("once", minor=500))
    refunding.refund(whole, Money(500, "USD"), now=NOON)
    refunding.refund(part, Money(200, "USD"), now=NOON)

    assert this_month().gifts == {"USD": Money(300, "USD")}
    assert this_month().count == 1


def test_the_tallest_bar_is_as_tall_as_the_chart_and_the_smallest_gift_is_seen():
    sums = [0, 1, 50_000, 100_000]
    months = [figures.Month(NOON.date(), {"USD": Money(minor, "USD")}) for minor in sums]

    bars = chart.draw(months, currency="USD").bars
    assert [bar.height for bar in bars] == [0, 1, 50, 100]


def test_a_year_without_gifts_is_drawn_too():
    drawn = chart.draw([figures.Month(NOON.date())] * 12, currency="USD")

    assert [bar.height for bar in drawn.bars] == [0] * 12


def test_whoever_may_see_money_sees_it(home, nowhere):
    pledge_of(nowhere)

    page = home("view_pledge")
    assert "Pledges active" in page
    assert "<svg" in page


def test_an_editor_who_may_not_sees_the_paper_only(home, nowhere):
    pledge_of(nowhere)

    page = home()
    assert "The paper" in page
    assert "The asks" not in page
    assert "The money" not in page
    assert "$5" not in page


def test_the_panels_are_in_order_and_above_wagtails_own(home):
    page = home("view_pledge", "change_experiment")

    headings = ["The paper", "The money", "The asks"]
    assert sorted(headings, key=page.index) == headings


def test_the_money_costs_eleven_questions_however_many_gifts(nowhere, django_assert_num_queries):
    for _ in range(5):
        give(nowhere, wish("once"))

    with django_assert_num_queries(11):
        MoneyPanel().get_context_data({})


def test_the_outlets_own_currency_is_charted_and_the_others_stand_in_the_table(nowhere):
    Masthead.objects.update(currency="USD")
    for currency in ("EUR", "USD"):
        give(nowhere, wish("once", currency=currency), now=timezone.now())

    told = MoneyPanel().get_context_data({})
    assert told["chart"].currency == "USD"
    assert told["currencies"] == ["USD", "EUR"]


def test_pledges_are_counted_by_what_became_of_them(nowhere):
    pledge_of(nowhere)
    pledge_of(nowhere)

    counts = figures.pledges_by_state()
    assert (counts["active"], counts["lapsed"]) == (2, 0)
