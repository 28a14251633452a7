"""The figures in the desk: told to those who may see money, and never of fewer than five."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Locale

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Message
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.figures import drawing, keeping, present
from tamizdat.lib.money import Money
from tamizdat.newsletters.models import Issue, Subscriber
from tests.appeals.experiments import experiment, meet
from tests.conftest import NOON
from tests.figures.givers import gave, gave_once, pledge

pytestmark = pytest.mark.usefixtures("newsroom")
AFTERWARDS = datetime(2026, 9, 3, tzinfo=UTC)
DRAWN = [draw.__name__.replace("_", "-") for draw in drawing.ALL]
OF_REMINDERS = ["reminders", "became-of-reminders"]
SLUGS = DRAWN + OF_REMINDERS
HARBOUR, SEA = "/harbour/ferry-ledger/", "/sea/tides/"


@pytest.fixture
def year(newsroom):
    """Eight months: eight who stay, one who went, one from each of two stories, gifts in euros."""
    for n in range(8):
        gave(pledge(source_page=HARBOUR), *range(n // 4, 8))
    gave(pledge(state="stopped", source_page=SEA, minor=7_777), 0, 1, 2)
    gave(pledge(currency="EUR", minor=4_321), 3, 4)
    for n in range(6):
        gave_once(n, source_page=HARBOUR, appeal="abc234")
    counted_to_the_end()


def counted_to_the_end():
    while keeping.keep_up(now=AFTERWARDS):
        pass


def page(client, **query):
    return client.get(reverse("figures"), query).content.decode()


def table(client, slug, **query):
    answer = client.get(reverse("figures_table", args=[slug]), query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode().splitlines()))


def subscribed(count, *, on):
    for n in range(count):
        name = f"{on}-{n}"
        Subscriber.objects.create(
            index=name, public_id=name, sealed_address=b"x", language="en", confirmed_on=on
        )


@pytest.mark.usefixtures("year")
def test_every_figure_has_a_chart_a_table_and_a_file(admin_client):
    shown = page(admin_client)

    assert shown.count('class="figures-chart"') == len(DRAWN)  # nobody is to be reminded
    for slug in DRAWN:
        assert reverse("figures_table", args=[slug]) in shown
        header, *rows = table(admin_client, slug)
        assert rows
        assert all(len(row) == len(header) for row in rows)


@pytest.mark.usefixtures("year")
def test_the_page_asks_for_sums_and_not_for_gifts(admin_client, django_assert_max_num_queries):
    page(admin_client)
    with django_assert_max_num_queries(40) as asked:
        page(admin_client)

    touched = [each["sql"] for each in asked.captured_queries if "funding_due" in each["sql"]]
    assert touched == []


@pytest.mark.usefixtures("year")
def test_a_sum_behind_which_stands_one_gift_is_nowhere_written(admin_client):
    files = [table(admin_client, slug, currency=code) for slug in SLUGS for code in ("USD", "EUR")]
    everything = page(admin_client) + page(admin_client, currency="EUR") + str(files)

    for one in ("77.77", "7777", "43.21", "4321"):
        assert one not in everything


@pytest.mark.usefixtures("year")
def test_stories_with_few_gifts_are_told_together(admin_client):
    rows = table(admin_client, "stories", currency="USD")
    named = {row[0] for row in rows[1:]}

    assert SEA not in str(rows)
    assert named <= {HARBOUR, "told together"}


def test_what_few_gave_once_by_one_way_is_not_found_by_taking_the_other_ways_from_the_months(
    admin_client,
):
    for provider, pledges, once in (("demo", 7, 8), ("transfer", 6, 1)):
        for _ in range(pledges):
            gave(pledge(), 7, provider=provider)
        for _ in range(once):
            gave_once(7, provider=provider)
    keeping.keep_up(now=AFTERWARDS)

    rows = {row[0]: row[1:] for row in table(admin_client, "methods")[1:]}
    assert rows == {
        "demo": ["7", "35.00", "7", "35.00", "", ""],
        "transfer": ["6", "30.00", "6", "30.00", "", ""],
        "told together": ["0", "0.00", "0", "0.00", "9", "225.00"],
    }


def test_who_gives_each_month_by_a_way_of_their_own_is_one_and_not_twelve(admin_client):
    for _ in range(7):
        gave(pledge(), *range(8))
    gave(pledge(minor=7_777), *range(8), provider="transfer")
    counted_to_the_end()

    rows = {row[0]: row[1:3] for row in table(admin_client, "methods")[1:]}
    assert rows == {"told together": ["64", "902.16"]}


@pytest.mark.parametrize(("few", "told"), [({3: 2}, "150.00"), ({3: 2, 4: 4}, "300.00")])
def test_what_few_gave_in_a_month_is_not_found_by_taking_the_other_months_from_the_year(
    admin_client, few, told
):
    for month, count in ({6: 6} | few).items():
        for _ in range(count):
            gave_once(month)
    counted_to_the_end()

    assert table(admin_client, "methods")[1][-1] == told
    sums = {row[0]: row[4] for row in table(admin_client, "value")[1:]}
    assert (sums["2026-04"], sums["2026-07"]) == ("", "150.00")


def test_three_who_moved_from_one_way_to_another_are_three_and_not_six(admin_client):
    for _ in range(3):
        one = pledge()
        gave(one, 1, 2, 3)
        gave(one, 4, 5, 6, 7, provider="transfer")
    for _ in range(6):
        gave(pledge(), *range(1, 8), provider="crypto")
    counted_to_the_end()

    rows = {row[0]: row[1:3] for row in table(admin_client, "methods")[1:]}
    assert rows == {"told together": ["63", "315.00"]}


def test_a_message_is_told_by_its_words(admin_client):
    ask = Message.objects.get(placement="ask", locale__language_code="en", is_standing=True)
    for _ in range(5):
        gave_once(7, appeal=ask.key)
        gave_once(7, appeal="gone22")
    keeping.keep_up(now=AFTERWARDS)

    rows = table(admin_client, "messages")
    assert {row[0] for row in rows[1:]} == {str(ask), "gone22"}


@pytest.mark.usefixtures("year")
def test_who_came_and_went_is_counted_by_month(admin_client):
    header, *rows = table(admin_client, "movements", currency="USD")
    by_month = {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}

    assert by_month["2026-01"]["New"] == "5"
    assert by_month["2026-04"]["Stopped"] == "1"


@pytest.mark.usefixtures("year")
def test_a_cohort_tells_which_share_stayed(admin_client):
    header, first = table(admin_client, "cohorts", currency="USD")[:2]

    assert header[:3] == ["First gift", "Pledges", "after 0"]
    assert first[:6] == ["2026-01", "5", "1.0000", "1.0000", "1.0000", "0.8000"]


@pytest.mark.usefixtures("year")
def test_nothing_is_foreseen_from_what_one_brought(admin_client):
    gave(pledge(minor=9_999), 7)
    counted_to_the_end()
    keeping.keep_up(now=AFTERWARDS + timedelta(days=1))

    assert len(table(admin_client, "forecast", currency="USD")) == 1


@pytest.mark.usefixtures("year")
def test_the_forecast_tells_of_this_month_and_the_next(admin_client):
    rows = table(admin_client, "forecast", currency="USD")

    assert [row[0] for row in rows] == ["Month", "2026-09", "2026-10"]


def test_a_newsroom_without_a_month_is_told_that_it_is_early(admin_client):
    assert "No month is counted yet" in page(admin_client)
    assert admin_client.get(reverse("figures_table", args=["value"])).status_code == 200


def test_reminders_are_counted_and_never_few(admin_client):
    for n in range(6):
        wish = Wish(address=f"r{n}@example.org", month=Month(2031, 3), language="en")
        reminding.remember(wish, now=AFTERWARDS)
    wish = Wish(address="one@example.org", month=Month(2031, 4), language="en")
    reminding.remember(wish, now=AFTERWARDS)

    rows = table(admin_client, "reminders")
    assert [row[:2] for row in rows[1:]] == [
        ["2031-03", "6"],
        ["2031-04", "fewer than 5"],
        ["in all", ""],  # 7 would tell that it is one
    ]


def test_what_became_of_reminders_is_told_by_months(admin_client):
    for n in range(6):
        wish = Wish(address=f"r{n}@example.org", month=Month(2026, 9), language="en")
        reminding.remember(wish, now=AFTERWARDS)
    reminding.send_due(now=AFTERWARDS)
    for n in range(5):
        reminding.thank(f"r{n}@example.org", now=AFTERWARDS)

    rows = table(admin_client, "became-of-reminders")
    assert rows[0] == [
        "Month",
        "Wished",
        "First mail sent",
        "Gave after a mail",
        "Forgotten by their readers",
    ]
    assert rows[1] == ["2026-09", "6", "6", "5", "0"]


@pytest.mark.parametrize("is_yearly", [False, True])
def test_a_gift_after_the_second_reminder_is_not_counted_as_the_page_says(admin_client, is_yearly):
    month, then = Month(2026, 9), AFTERWARDS + timedelta(days=7)
    for n in range(6):
        wish = Wish(f"r{n}@example.org", month, "en", is_yearly=is_yearly)
        reminding.remember(wish, now=AFTERWARDS)
    for now in (AFTERWARDS, then):
        reminding.send_due(now=now)
    for n in range(6):
        reminding.thank(f"r{n}@example.org", now=then)

    assert table(admin_client, "became-of-reminders")[1][:4] == ["2026-09", "6", "6", "0"]
    assert "counts if it was before the second one, a week later" in page(admin_client)


def test_the_present_is_counted_from_the_pledges_themselves():
    pledge()
    pledge(interval="year", minor=2_400)
    pledge(state="past_due", currency="EUR")
    pledge(state="paused")

    found = present.now()
    assert (found.giving, found.paused, found.owing) == (3, 1, 1)
    assert [cell.money for cell in found.values] == [Money(700, "USD"), Money(500, "EUR")]


@pytest.mark.parametrize(("role", "status"), [("Revenue lead", 200), ("Editor", 302)])
def test_the_revenue_lead_sees_them_and_an_editor_does_not(client, django_user_model, role, status):
    user = django_user_model.objects.create_user("who")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)

    for address in (reverse("figures"), reverse("figures_table", args=["value"])):
        assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("last", "told"),
    [(0, ["9", "6"]), (2, ["9", "", "fewer than 5"]), (7, ["9", "6", "7"])],
)
def test_who_came_in_one_month_is_not_found_by_how_many_there_are(admin_client, last, told):
    for month, count in enumerate((9, 6, last), start=7):
        subscribed(count, on=date(2026, month, 1))
    whole = 15 + last

    rows = table(admin_client, "subscribers")[1:]
    assert [row[1] for row in rows] == [*told, str(whole)]
    assert f"<dd>{whole}</dd>" in admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_figure_that_is_none_is_not_there(admin_client):
    assert admin_client.get(reverse("figures_table", args=["readers"])).status_code == 404


def test_experiments_and_newsletters_are_told_too(admin_client):
    found = experiment()
    meet(found, a=2_000, b=1_990)
    locale = Locale.objects.get(language_code="en")
    written = {"html": "<p>", "text": "-", "send_at": NOON, "set_out_at": NOON, "ended_at": NOON}
    counts = {"taken_count": 120, "refused_count": 3}
    Issue.objects.create(locale=locale, subject="Tides", state="sent", **written, **counts)
    subscribed(6, on=NOON.date())

    assert table(admin_client, "experiments")[1][:4] == [
        "Which words?", "2026-11-22", "runs", "3990",
    ]  # fmt: skip
    assert table(admin_client, "subscribers")[1:] == [["2026-11", "6"], ["in all", "6"]]
    issue = ["2026-11-22", "Tides", "en", "120", "fewer than 5", "0"]
    assert table(admin_client, "issues")[1:] == [issue]
    shown = page(admin_client)
    assert "Too early to tell" in shown
    assert shown.count('class="figures-chart"') == 3
