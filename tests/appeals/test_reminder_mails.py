"""Whose name a reminder bears, and what becomes of an address at which nobody lives."""

import contextlib
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Reminder
from tamizdat.funding.models import Supporter
from tamizdat.outlet.models import MailProfile
from tamizdat.outlet.signals import mailbox_gone
from tests.appeals.test_reminding import NEW_YEAR, letters, remember
from tests.conftest import NOON

newsroom = pytest.mark.usefixtures("newsroom")
NEUTRAL = {"NEUTRAL_SENDER": "post@plain.example", "NEUTRAL_ADDRESS": "https://plain.example"}


@pytest.fixture
def neutral(settings):
    for name, value in NEUTRAL.items():
        setattr(settings, name, value)


@newsroom
@pytest.mark.usefixtures("neutral")
@pytest.mark.parametrize("is_after_gift", [True, False])
def test_a_neutral_reminder_names_us_nowhere(is_after_gift):
    remember(mail_profile=MailProfile.NEUTRAL, is_after_gift=is_after_gift)
    reminding.send_due(now=NEW_YEAR)

    [message] = mail.outbox
    everything = message.message().as_string()
    assert message.from_email == "post@plain.example"
    assert "Our paper" not in everything
    assert "localhost" not in everything
    assert "You gave" not in everything


@newsroom
@pytest.mark.usefixtures("neutral")
@pytest.mark.parametrize(
    ("chosen", "given", "sender"),
    [
        (MailProfile.NORMAL, MailProfile.NEUTRAL, ["post@plain.example"]),
        (MailProfile.NEUTRAL, MailProfile.NORMAL, ["post@plain.example"]),
        (MailProfile.NORMAL, MailProfile.NONE, []),
    ],
)
def test_of_two_choices_for_one_address_the_more_careful_counts(chosen, given, sender):
    supporter = Supporter.objects.at("ana@example.org", language="en", now=NOON)
    supporter.choose_mail(given)
    remember(mail_profile=chosen)
    reminding.send_due(now=NEW_YEAR)

    assert [message.from_email for message in mail.outbox] == sender


@newsroom
@pytest.mark.usefixtures("neutral")
def test_who_wishes_another_mail_while_a_round_runs_gets_that_one():
    remember()
    stale = Reminder.objects.get()
    remember(mail_profile=MailProfile.NEUTRAL)

    assert not stale.claim(now=NEW_YEAR)
    reminding.send_due(now=NEW_YEAR)
    assert [message.from_email for message in mail.outbox] == ["post@plain.example"]


@newsroom
def test_a_reminder_after_a_gift_thanks_for_it():
    remember(is_after_gift=True)
    reminding.send_due(now=NEW_YEAR)

    assert "You gave to Our paper" in mail.outbox[0].body


class DeadBackend(BaseEmailBackend):
    """A server that knows no ana; and one whose box is full."""

    answers = {
        "ana@example.org": (550, b"5.1.1 No such user"),
        "beso@example.org": (452, b"4.2.2 Mailbox full"),
    }

    def send_messages(self, messages):
        for message in messages:
            if answer := self.answers.get(message.to[0]):
                raise SMTPRecipientsRefused({message.to[0]: answer})
            mail.outbox.append(message)


@newsroom
def test_an_address_at_which_nobody_lives_is_forgotten_and_the_others_get_their_mails(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeadBackend"
    remember("ana@example.org", is_yearly=True)
    remember("cyr@example.org")

    assert reminding.send_due(now=NEW_YEAR) == 1
    assert letters() == ["cyr@example.org"]
    assert [each.address for each in Reminder.objects.all()] == ["cyr@example.org"]


@newsroom
def test_a_full_mailbox_is_not_forgotten(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeadBackend"
    remember("beso@example.org")

    assert reminding.send_due(now=NEW_YEAR) == 0
    assert Reminder.objects.get().sent_count == 0


@newsroom
def test_an_address_of_which_a_bounce_told_is_forgotten():
    remember("ana@example.org")
    mailbox_gone.send(sender=None, address="Ana@Example.org")

    assert not Reminder.objects.exists()


@newsroom
@pytest.mark.parametrize(
    ("code", "words", "is_gone"),
    [
        (550, b"5.1.1 <ana@example.org>: user unknown", True),
        (550, b"5.2.1 mailbox disabled", True),
        (550, b"5.7.1 Message rejected as spam", False),
        (550, b"We do not like you", False),
        (552, b"5.2.2 mailbox full", False),
        (450, b"4.2.0 greylisted", False),
    ],
)
def test_only_where_the_server_says_that_nobody_is_there_is_forgotten(
    settings, monkeypatch, code, words, is_gone
):
    settings.EMAIL_BACKEND = f"{__name__}.DeadBackend"
    monkeypatch.setitem(DeadBackend.answers, "ana@example.org", (code, words))
    remember("ana@example.org")
    remember("cyr@example.org")
    for _ in range(2):  # a refusal ends a round
        with contextlib.suppress(reminding.mailing.MailNotSent):
            reminding.send_due(now=NEW_YEAR)

    left = [each.address for each in Reminder.objects.order_by("pk")]
    assert left == ["cyr@example.org"] if is_gone else ["ana@example.org", "cyr@example.org"]
