"""Letters go out as their readers wish at that moment; one that cannot go holds up no other."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from tamizdat.funding import letters, selfservice
from tamizdat.funding.models import Letter, Supporter
from tests.conftest import NOON
from tests.funding.givers import give, pledge_of, wish
from tests.newsletters.making import readers
from tests.outlet import providers

pytestmark = pytest.mark.usefixtures("outlet")
ANA, BESO, CYR = "ana@example.org", "beso@example.org", "cyr@example.org"
TEN_MINUTES = timedelta(minutes=10)


def receipts_for(nowhere, *addresses):
    for address in addresses:
        give(nowhere, wish("once", address=address))


class WhileItTakesTheFirst(BaseEmailBackend):
    """The others choose another mail."""

    choice = ""

    def send_messages(self, messages):
        mail.outbox.extend(messages)
        Supporter.objects.filter(letters__claimed_at=None).update(mail_profile=self.choice)


@pytest.mark.parametrize(("choice", "sender"), [("neutral", ["notes@pages.example"]), ("none", [])])
def test_who_chooses_another_mail_while_others_are_written_to_gets_that(
    nowhere, settings, monkeypatch, choice, sender
):
    settings.NEUTRAL_SENDER = "notes@pages.example"
    settings.EMAIL_BACKEND = f"{__name__}.WhileItTakesTheFirst"
    monkeypatch.setattr(WhileItTakesTheFirst, "choice", choice)
    receipts_for(nowhere, ANA, BESO)
    letters.send_waiting(now=NOON)

    assert [message.from_email for message in mail.outbox[1:]] == sender
    assert not Letter.objects.exists()


@pytest.mark.parametrize("answer", ["450 4.2.0 later", "550 5.7.1 no", "550 5.1.1 unknown"])
def test_a_letter_that_is_refused_rests_and_each_time_twice_as_long(nowhere, server, answer):
    receipts_for(nowhere, ANA)
    tries = []
    server.greet = lambda to: tries.append(to) or answer
    for minutes in range(0, 3 * 24 * 60, 5):
        letters.send_waiting(now=NOON + timedelta(minutes=minutes))

    assert len(tries) == 10  # after 10, 20, 40, 80, 160, 320, 640, 1280 and 1440 minutes
    assert Letter.objects.count() == 1


def test_those_behind_it_do_not_wait(nowhere, server):
    receipts_for(nowhere, ANA, BESO)
    server.greet = lambda to: "450 4.2.0 later" if to == ANA else "250 OK"
    assert letters.send_waiting(now=NOON) == 1
    server.greet = lambda _: "250 OK"

    assert letters.send_waiting(now=NOON + TEN_MINUTES) == 1
    assert server.recipients == [BESO, ANA]


def test_nor_behind_one_in_which_the_line_broke(nowhere, server):
    receipts_for(nowhere, ANA, BESO)
    server.take = server.hang_up_when(lambda: not tried.append(1) and len(tried) == 1)
    tried = []

    assert [letters.send_waiting(now=NOON) for _ in range(2)] == [0, 1]
    assert server.recipients == [BESO]


def test_nor_behind_one_whom_a_provider_refuses(nowhere, settings, monkeypatch):
    providers.answer(settings, monkeypatch, {ANA: providers.REFUSED})
    receipts_for(nowhere, ANA, BESO)

    assert letters.send_waiting(now=NOON) == 1
    assert Letter.objects.get().supporter.address == ANA


def test_nor_behind_one_that_cannot_be_written_and_no_address_is_logged(nowhere, server, caplog):
    receipts_for(nowhere, ANA)
    supporter = Supporter.objects.get()
    pledge = pledge_of(nowhere)
    Letter.objects.all().delete()
    Letter.objects.create(kind="expiring", supporter=supporter, pledge=pledge, created_at=NOON)
    receipts_for(nowhere, BESO)

    assert letters.send_waiting(now=NOON) == 1
    assert Letter.objects.get().kind == "expiring"
    assert "letter expiring waits: ValueError" in caplog.text
    assert "ana" not in caplog.text


def test_a_server_that_is_down_costs_no_letter_any_time(nowhere, server, settings):
    receipts_for(nowhere, ANA)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert letters.send_waiting(now=NOON) == 0
    settings.EMAIL_PORT = there

    assert letters.send_waiting(now=NOON) == 1


def test_a_letter_to_an_address_at_which_nobody_is_goes(nowhere, server):
    receipts_for(nowhere, ANA, BESO)
    server.greet = lambda to: "550 5.1.1 unknown" if to == ANA else "250 OK"

    assert letters.send_waiting(now=NOON) == 1
    assert not Letter.objects.exists()


def test_a_server_that_knows_nobody_costs_nobody_a_letter(nowhere, server):
    receipts_for(nowhere, *readers(12))
    server.greet = lambda _: "550 5.1.1 unknown"
    letters.send_waiting(now=NOON)
    server.greet = lambda _: "250 OK"

    assert letters.send_waiting(now=NOON + TEN_MINUTES) == 12


def test_whoever_asks_for_a_link_again_waits_no_longer(nowhere, server):
    pledge = pledge_of(nowhere)
    Letter.objects.all().delete()
    server.greet = lambda _: "450 4.2.0 later"
    selfservice.mail_new_link(pledge.supporter, pledge, now=NOON)
    letters.send_waiting(now=NOON)
    server.greet = lambda _: "250 OK"
    assert letters.send_waiting(now=NOON) == 0
    selfservice.mail_new_link(pledge.supporter, pledge, now=NOON)

    assert letters.send_waiting(now=NOON) == 1
