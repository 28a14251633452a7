"""The link in a reminder: it shows what is kept, forgets it, becomes too old, and is renewed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tamizdat.appeals import links, reminding
from tamizdat.appeals.models import LeftAlone, Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.offers import Gift
from tamizdat.lib.money import Money
from tamizdat.outlet.models import MailProfile
from tests.appeals.test_reminding import forget_path, remember

pytestmark = pytest.mark.usefixtures("newsroom")
TOO_OLD = links.LIFETIME + timedelta(days=1)


def path_of(reminder, *, ago=timedelta(), prefix=""):
    token = links.token_for(reminder.index, now=timezone.now() - ago)
    return f"{prefix}/remind/forget/{token}/"


def kept(**words):
    remember(**words)
    return Reminder.objects.get()


@pytest.mark.parametrize("prefix", ["", "/ru", "/fa"])
def test_the_page_shows_every_column_that_is_kept(client, prefix):
    gift = Gift(Money(2400, "USD"), "year")
    reminder = kept(
        month=Month(2031, 3), gift=gift, is_yearly=True, is_after_gift=True, mail_profile="neutral"
    )
    page = client.get(path_of(reminder, prefix=prefix)).content.decode()

    columns = {field.name for field in Reminder._meta.get_fields()}
    hidden = {"id", "index", "wants_link", "link_sent_at", "sent_at", "currency", "interval"}
    assert page.count("<dt>") == len(columns - hidden)
    assert "a…@example.org" in page
    assert "ana@" not in page  # a mail is passed on with its link


def test_a_mail_that_was_sent_and_a_link_that_was_renewed_are_told_too(client):
    reminder = kept()
    Reminder.objects.update(sent_count=1, sent_at=timezone.now(), link_sent_at=timezone.now())

    assert client.get(path_of(reminder)).content.decode().count("<dt>") == 9


def test_where_nothing_is_kept_the_page_says_so_and_takes_a_wish_to_be_left_alone(client):
    path = path_of(kept())
    Reminder.objects.all().delete()

    assert "Nothing is kept of you" in client.get(path).content.decode()
    client.post(path, {"never": "1"})
    assert LeftAlone.objects.exists()


@pytest.mark.parametrize("words", [{}, {"never": "1"}])
def test_a_link_that_is_too_old_shows_nothing_and_forgets_nothing(client, words):
    path = path_of(kept(), ago=TOO_OLD)

    assert "@example.org" not in client.get(path).content.decode()
    assert client.post(path, words).status_code == 200
    assert Reminder.objects.exists()
    assert not LeftAlone.objects.exists()


@pytest.mark.parametrize("words", [{}, {"never": "1"}])
def test_by_a_link_that_is_too_old_a_mail_program_unsubscribes_and_does_nothing_else(client, words):
    path = path_of(kept(), ago=TOO_OLD)
    page = client.post(path, {"List-Unsubscribe": "One-Click"} | words).content.decode()

    assert "@example.org" not in page
    assert not Reminder.objects.exists()
    assert not LeftAlone.objects.exists()
    assert reminding.send_due(now=timezone.now()) == 0


def test_a_link_works_on_its_last_day(client):
    reminder = kept()

    assert "a…@example.org" in client.get(path_of(reminder, ago=links.LIFETIME)).content.decode()


def test_a_new_link_goes_to_the_address_that_is_kept_and_works(client):
    path = path_of(kept(), ago=TOO_OLD)
    for _ in range(2):
        client.post(path)
    assert reminding.send_due(now=timezone.now()) == 1

    [message] = mail.outbox
    assert message.to == ["ana@example.org"]
    assert "Our paper" not in message.subject
    assert client.post(forget_path(message)).status_code == 200
    assert not Reminder.objects.exists()


def test_of_new_links_one_a_day_is_sent(client):
    path, now = path_of(kept(), ago=TOO_OLD), timezone.now()
    counts = []
    for hours in range(0, 49, 6):
        client.post(path)
        counts.append(reminding.send_due(now=now + timedelta(hours=hours)))

    assert counts == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_a_new_link_changes_nothing_of_the_reminder(client):
    reminder = kept(is_yearly=True)
    client.post(path_of(reminder, ago=TOO_OLD))
    reminding.send_due(now=timezone.now())

    before = (reminder.month, reminder.sent_count, reminder.is_yearly)
    reminder.refresh_from_db()
    assert (reminder.month, reminder.sent_count, reminder.is_yearly) == before


def test_an_old_link_of_an_address_that_is_forgotten_asks_for_none(client):
    path = path_of(kept(), ago=TOO_OLD)
    Reminder.objects.all().delete()
    page = client.post(path).content.decode()

    assert "<form" not in page
    assert reminding.send_due(now=timezone.now()) == 0


def test_an_address_that_becomes_more_careful_does_not_become_less_so():
    kept(mail_profile=MailProfile.NEUTRAL)

    assert kept(mail_profile=MailProfile.NORMAL).mail_profile == MailProfile.NEUTRAL
