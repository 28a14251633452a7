"""The page that takes an address and a month."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.models import LeftAlone, Reminder
from tamizdat.appeals.months import Month, offered
from tamizdat.lib.money import Money
from tamizdat.payments.limiting import Limit

pytestmark = pytest.mark.usefixtures("newsroom")


def months():
    return [str(month) for month in offered(timezone.localdate())]


def ask(client, address="ana@example.org", *, month=None, path="/remind/", **fields):
    return client.post(path, {"address": address, "month": month or months()[1], **fields})


@pytest.mark.parametrize("path", ["/remind/", "/ru/remind/", "/fa/remind/"])
def test_the_page_offers_six_months_and_sets_no_cookie(client, path):
    response = client.get(path)

    assert response.content.decode().count('name="month"') == 6
    assert response.content.decode().count(" checked") == 1
    assert not response.cookies


def test_a_machine_that_fills_the_form_in_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ALL", Limit("reminders", 2, timedelta(hours=1)))
    for n in range(2):
        assert ask(client, f"r{n}@example.org").status_code == 302

    answer = ask(client, "one-too-many@example.org")

    assert answer.status_code == 422
    assert "Try again in an hour" in answer.content.decode()
    assert 'value="one-too-many@example.org"' in answer.content.decode()
    assert Reminder.objects.count() == 2


def test_an_address_that_is_asked_for_again_and_again_keeps_its_month(client):
    for n in (1, 2, 3, 4):
        assert ask(client, month=months()[n]).status_code == 302

    assert f"{Reminder.objects.get().month:%Y-%m}" == months()[3]


def test_an_address_is_kept_sealed_with_its_month_and_its_language(client):
    response = ask(client, path="/ru/remind/")

    reminder = Reminder.objects.get()
    assert response.url == f"/ru/remind/kept/{months()[1]}/"
    assert client.get(response.url).status_code == 200
    assert reminder.address == "ana@example.org"
    assert (f"{reminder.month:%Y-%m}", reminder.language) == (months()[1], "ru")
    assert b"ana@" not in bytes(reminder.sealed_address)


def test_asking_twice_changes_the_month_and_adds_no_row(client):
    ask(client)
    ask(client, "ANA@example.org", month=months()[4])

    assert f"{Reminder.objects.get().month:%Y-%m}" == months()[4]


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@", "a b@example.org", "ana@example.org\nBcc: all@example.org"]
)
def test_what_is_no_address_is_sent_back_with_a_sentence(client, address):
    response = ask(client, address)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("month", ["2020-01", "2999-01", "soon", "2027-13"])
def test_a_month_that_was_not_offered_is_sent_back(client, month):
    assert ask(client, month=month).status_code == 422
    assert not Reminder.objects.exists()


def test_the_sum_chosen_in_the_ask_is_remembered(client):
    page = client.get("/remind/?amount=5&currency=USD&interval=month&from=/a/").content.decode()
    ask(client, amount="5", currency="USD", interval="month")

    assert '<input type="hidden" name="amount" value="5">' in page
    assert "/a/" not in page
    assert Reminder.objects.get().money == Money(500, "USD")


@pytest.mark.parametrize(
    "gift",
    [
        {"amount": "-5", "currency": "USD", "interval": "month"},
        {"amount": "1e99999999", "currency": "USD", "interval": "month"},
        {"amount": "99999999999999999999", "currency": "USD", "interval": "month"},
        {"amount": "1", "currency": "USD", "interval": "month"},  # less than the ladder allows
        {"amount": "5", "currency": "$$$", "interval": "month"},
        {"amount": "5", "currency": "\0", "interval": "\0"},
        {"amount": "5", "currency": "USD", "interval": "hourly"},
        {"amount": "5"},
    ],
)
def test_a_sum_that_makes_no_sense_is_not_kept(client, gift):
    assert ask(client, **gift).status_code == 302
    assert Reminder.objects.get().money is None


def test_every_year_is_a_tick_and_the_next_page_says_so(client):
    response = ask(client, yearly="on")

    assert Reminder.objects.get().is_yearly
    assert "each year" in client.get(response.url).content.decode()


def test_after_a_gift_the_page_offers_a_year_and_the_reminder_knows(client):
    page = client.get("/remind/?after=gift&amount=25&currency=USD&interval=once").content.decode()
    this_month = Month.of(timezone.localdate())
    ask(client, month=str(this_month.plus(12)), after="gift")

    assert page.count('name="month"') == 4
    assert f'value="{this_month.plus(12)}" checked' in page
    assert 'name="amount" value="25"' in page
    assert Reminder.objects.get().is_after_gift


def test_how_we_write_is_a_choice_only_where_there_is_one(client, settings):
    assert 'name="mail"' not in client.get("/remind/").content.decode()

    settings.NEUTRAL_SENDER = "post@plain.example"
    assert client.get("/remind/").content.decode().count('name="mail"') == 2
    ask(client, mail="neutral")
    assert Reminder.objects.get().mail_profile == "neutral"


@pytest.mark.parametrize("mail", ["", "none", "loud"])
def test_a_way_to_write_that_was_not_offered_is_as_the_outlet_proposes(client, mail):
    ask(client, mail=mail)

    assert Reminder.objects.get().mail_profile == "normal"


def test_an_address_that_must_be_left_alone_gets_the_same_answer_and_no_reminder(client):
    ask(client)
    LeftAlone.objects.create(index=Reminder.objects.get().index)
    Reminder.objects.all().delete()

    assert ask(client).status_code == 302
    assert not Reminder.objects.exists()


def test_a_page_of_a_month_that_is_none_is_not_there(client):
    assert client.get(reverse("appeals:kept", args=["2027-13"])).status_code == 404
