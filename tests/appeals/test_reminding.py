"""The law of the reminders: two mails at most, whatever breaks, then nothing is left."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Reminder
from tamizdat.appeals.months import Month
from tamizdat.appeals.offers import Gift
from tamizdat.appeals.reminding import Wish
from tamizdat.funding import mornings, selfservice
from tamizdat.funding.models import Supporter
from tamizdat.lib.money import Money
from tests.conftest import NOON
from tests.funding.givers import give, wish
from tests.payments.banks import nowhere  # noqa: F401

pytestmark = pytest.mark.usefixtures("newsroom")
JANUARY = Month(2027, 1)
NEW_YEAR = NOON.replace(year=2027, month=1, day=1)
A_WEEK = timedelta(days=7)


def remember(address="ana@example.org", *, month=JANUARY, language="en", **more):
    reminding.remember(Wish(address=address, month=month, language=language, **more), now=NOON)


def letters():
    return [message.to[0] for message in mail.outbox]


def forget_path(message):
    return (
        message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    )


def test_nothing_goes_before_the_month_has_come():
    remember()

    assert reminding.send_due(now=NEW_YEAR - timedelta(hours=13)) == 0
    assert letters() == []


def test_the_first_mail_comes_with_the_month_the_second_a_week_later_then_nothing_is_left():
    remember()
    counts = [reminding.send_due(now=NEW_YEAR + timedelta(days=day)) for day in range(30)]

    assert counts == [1, *[0] * 6, 1, *[0] * 22]
    assert letters() == ["ana@example.org"] * 2
    assert not Reminder.objects.exists()


def test_the_second_mail_waits_a_week_even_after_a_late_first_one():
    remember()

    assert reminding.send_due(now=NEW_YEAR + 3 * A_WEEK) == 1
    assert reminding.send_due(now=NEW_YEAR + 4 * A_WEEK - timedelta(seconds=1)) == 0
    assert reminding.send_due(now=NEW_YEAR + 4 * A_WEEK) == 1


def test_the_slower_of_two_workers_sends_nothing():
    remember()
    stale = Reminder.objects.get()
    reminding.send_due(now=NEW_YEAR)

    assert not stale.claim(now=NEW_YEAR)
    assert len(letters()) == 1


def test_no_mail_goes_inside_a_transaction_that_could_still_be_undone():
    remember()

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        reminding.send_due(now=NEW_YEAR)
    assert letters() == []


class Crash(BaseException):
    pass


class CrashingBackend(BaseEmailBackend):
    """A machine that dies as the mail leaves, before or after: nobody will ever know."""

    def send_messages(self, messages):
        mail.outbox.extend(messages)
        raise Crash


def test_a_crash_while_sending_never_makes_a_third_mail(settings):
    remember()
    settings.EMAIL_BACKEND = f"{__name__}.CrashingBackend"
    for day in range(30):
        try:
            reminding.send_due(now=NEW_YEAR + timedelta(days=day))
        except Crash:
            continue

    assert letters() == ["ana@example.org"] * 2
    assert not Reminder.objects.exists()


def test_the_database_refuses_a_third_mail():
    remember()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.update(sent_count=3, sent_at=NOON)


def test_a_reader_who_asks_again_after_the_first_mail_starts_afresh():
    remember()
    reminding.send_due(now=NEW_YEAR)
    remember(month=Month(2027, 4))

    assert reminding.send_due(now=NEW_YEAR + 2 * A_WEEK) == 0
    assert reminding.send_due(now=NOON.replace(year=2027, month=4, day=1)) == 1


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_mail_is_in_the_readers_language_and_its_subject_does_not_say_whose_it_is(language):
    remember(language=language, gift=Gift(Money(500, "USD"), "month"))
    reminding.send_due(now=NEW_YEAR)

    [message] = mail.outbox
    prefix = "" if language == "en" else f"/{language}"
    assert "Our paper" not in message.subject
    assert f"localhost:8000{prefix}/checkout/?amount=5&currency=USD&interval=month" in message.body
    assert Money(500, "USD").format(language) in message.body
    assert language == "en" or "The" not in message.subject + message.body
    assert f'lang="{language}"' in message.alternatives[0].content


def test_a_mail_program_unsubscribes_with_one_press(client):
    remember()
    reminding.send_due(now=NEW_YEAR)
    [message] = mail.outbox
    response = client.post(forget_path(message), {"List-Unsubscribe": "One-Click"})

    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert response.status_code == 200
    assert not Reminder.objects.exists()


def test_opening_the_link_forgets_nothing_and_pressing_does_at_once(client):
    remember()
    reminding.send_due(now=NEW_YEAR)
    path = forget_path(mail.outbox[0])

    assert client.get(path).status_code == 200
    assert Reminder.objects.exists()
    assert client.post(path).status_code == 200
    assert reminding.send_due(now=NEW_YEAR + A_WEEK) == 0


def test_an_address_may_be_left_alone_for_ever(client):
    remember()
    reminding.send_due(now=NEW_YEAR)
    client.post(forget_path(mail.outbox[0]), {"never": "1"})
    remember("Ana@Example.org")

    assert not Reminder.objects.exists()


def test_the_link_of_the_last_mail_still_works_when_nothing_is_left(client):
    remember()
    reminding.send_due(now=NEW_YEAR)
    reminding.send_due(now=NEW_YEAR + A_WEEK)

    assert client.post(forget_path(mail.outbox[1]), {"never": "1"}).status_code == 200


def another_start(token):
    return ("A" if token[0] != "A" else "B") + token[1:]


@pytest.mark.parametrize("damage", [lambda t: t[:-3], another_start, lambda t: "x"])
def test_a_damaged_link_says_so_and_does_nothing(client, damage):
    remember()
    reminding.send_due(now=NEW_YEAR)
    *start, token, _ = forget_path(mail.outbox[0]).split("/")
    path = "/".join([*start, damage(token), ""])

    assert client.post(path).status_code == 404
    assert Reminder.objects.exists()


def test_a_gift_from_the_same_address_ends_the_reminder(nowhere):  # noqa: F811
    remember("ana@example.org")
    remember("beso@example.org")

    give(nowhere, wish("once", address="Ana@example.org"))

    assert Reminder.objects.get().address == "beso@example.org"


def test_a_gift_that_is_taken_by_itself_does_not(nowhere):  # noqa: F811
    for name in ("ana", "bo"):
        give(nowhere, wish(address=f"{name}@example.org"), now=NOON)
    remember("ana@example.org", is_yearly=True)

    assert mornings.charge_plainly_due(now=NOON + timedelta(days=31)) == 2

    assert Reminder.objects.get().address == "ana@example.org"


def test_a_supporter_who_is_forgotten_is_not_reminded_either():
    remember("ana@example.org")
    supporter = Supporter.objects.at("Ana@example.org", language="en", now=NOON)

    selfservice.forget(supporter, now=NOON)

    assert not Reminder.objects.exists()


def test_no_dump_of_the_database_holds_the_address():
    remember("ana.verev@example.org")
    dump = io.StringIO()
    call_command("dumpdata", "appeals", stdout=dump)

    assert '"sealed_address"' in dump.getvalue()
    assert "verev" not in dump.getvalue().lower()
    assert "YW5hLnZlcmV2" not in dump.getvalue()  # nor in base64


def test_a_month_begins_when_it_does_where_the_outlet_is(settings):
    remember()
    with timezone.override("Asia/Tbilisi"):
        assert reminding.send_due(now=NEW_YEAR.replace(hour=0) - timedelta(hours=4)) == 1
