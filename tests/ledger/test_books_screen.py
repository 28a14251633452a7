from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.staff.models import User
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader_of_books(client):
    user = User.objects.create_user("ana", password="not-a-secret")
    for codename in ("access_admin", "view_entry"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return client


def book(number):
    books.post(
        key=f"gift:{number}",
        memo=f"gift {number}",
        at=NOON + timedelta(minutes=number),
        postings=[
            Posting("cash", Money(200 + number, "USD")),
            Posting("reader-funding", Money(-200 - number, "USD")),
        ],
    )


def test_the_books_show_what_each_account_holds(reader_of_books):
    book(50)

    page = reader_of_books.get(reverse("books")).content.decode()

    assert "Every currency sums to zero" in page
    assert "reader-funding" in page
    assert "$2.50" in page
    assert "-$2.50" in page


def test_an_empty_ledger_says_so(reader_of_books):
    assert b"Nothing has been booked yet" in reader_of_books.get(reverse("books")).content


def test_the_newest_entry_is_first_and_old_ones_are_pages_away(reader_of_books):
    for number in range(60):
        book(number)

    first, second = (reader_of_books.get(reverse("books"), {"p": p}).content for p in (1, 2))

    assert b"gift 59<" in first
    assert b"gift 0<" not in first
    assert b"gift 0<" in second


def test_a_page_of_the_books_costs_the_same_however_long_they_are(
    reader_of_books, django_assert_max_num_queries
):
    for number in range(50):
        book(number)

    with django_assert_max_num_queries(20):
        reader_of_books.get(reverse("books"))


def test_whoever_may_not_read_the_books_does_not(client):
    user = User.objects.create_user("cyr", password="not-a-secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert client.get(reverse("books")).status_code == 302


def test_nothing_can_be_posted_to_the_screen(reader_of_books):
    assert reader_of_books.post(reverse("books"), {"amount": "1000000"}).status_code == 405


def test_a_month_stands_by_itself(reader_of_books):
    book(50)
    books.post(
        key="october",
        memo="an older gift",
        at=NOON - timedelta(days=31),
        postings=[Posting("cash", Money(700, "USD")), Posting("gifts", Money(-700, "USD"))],
    )

    newest = reader_of_books.get(reverse("books")).content.decode()
    older = reader_of_books.get(reverse("books"), {"month": "2026-10"}).content.decode()

    assert "an older gift" not in newest
    assert "?month=2026-10" in newest
    assert "$9.50" in newest  # what cash holds after November
    assert "an older gift" in older
    assert "gift 50" not in older


@pytest.mark.parametrize("month", ["2026-13", "never", "9999-12", "0001-01"])
def test_a_month_that_cannot_be_shows_what_there_is(reader_of_books, month):
    book(50)

    assert reader_of_books.get(reverse("books"), {"month": month}).status_code == 200


def export(client, **changes):
    asked = {"first": "2026-11-01", "last": "2026-11-30", "format": "csv"} | changes
    return client.get(reverse("books_export"), asked)


@pytest.mark.parametrize(("format", "start"), [("csv", b"at,entry"), ("beancount", b"; The books")])
def test_an_accountant_gets_a_file(reader_of_books, format, start):
    book(50)

    answer = export(reader_of_books, format=format)
    content = b"".join(answer.streaming_content)

    assert content.startswith(start)
    assert b"gift 50" in content
    assert f"books-2026-11-01-2026-11-30.{format}" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_an_export_of_days_that_cannot_be_is_asked_for_again(reader_of_books):
    answer = export(reader_of_books, last="2026-10-01")

    assert answer.status_code == 422
    assert b"must not come after" in answer.content


def test_whoever_may_not_read_the_books_takes_none_away(client):
    user = User.objects.create_user("cyr", password="not-a-secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert export(client).status_code == 302


@pytest.mark.parametrize("screen", ["books", "books_export"])
def test_days_are_chosen_from_a_calendar(reader_of_books, screen):
    book(50)

    assert "date-time-chooser.js" in reader_of_books.get(reverse(screen)).content.decode()
