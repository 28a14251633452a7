"""A mail server that is down, or puts readers off, costs nobody a reminder; none is sent twice."""

import contextlib
from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Reminder
from tamizdat.outlet import handing
from tests.appeals.test_kept import TOO_OLD, kept, path_of
from tests.appeals.test_reminding import A_WEEK, NEW_YEAR, remember
from tests.newsletters.making import readers
from tests.outlet import providers

pytestmark = pytest.mark.usefixtures("newsroom")
ANA, BESO, CYR = "ana@example.org", "beso@example.org", "cyr@example.org"
READERS = [ANA, BESO, CYR]
A_QUARTER = timedelta(minutes=15)


@pytest.fixture
def waiting(newsroom):
    for address in READERS:
        remember(address)


def off(answer, *, to=ANA):
    return lambda address: answer if address == to else "250 OK"


def everyone_is_well(address):
    return "250 OK"


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("weeks", [0, 1])
def test_a_server_that_is_down_costs_nobody_the_first_mail_nor_the_second(server, settings, weeks):
    there = settings.EMAIL_PORT
    for week in range(weeks):
        reminding.send_due(now=NEW_YEAR + week * A_WEEK)
    settings.EMAIL_PORT = 1
    for _ in range(3):
        with pytest.raises(handing.NotNow):
            reminding.send_due(now=NEW_YEAR + weeks * A_WEEK)
    settings.EMAIL_PORT = there

    assert reminding.send_due(now=NEW_YEAR + weeks * A_WEEK) == 3
    assert sorted(server.recipients) == sorted(READERS * (weeks + 1))


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("weeks", [0, 1])
def test_a_line_that_breaks_before_a_mail_costs_nobody_anything(server, weeks):
    now = NEW_YEAR + weeks * A_WEEK
    for week in range(weeks):
        reminding.send_due(now=NEW_YEAR + week * A_WEEK)
    server.greet = off("421 4.3.2 closing", to=BESO)
    with pytest.raises(handing.NotNow):
        reminding.send_due(now=now)
    server.greet = everyone_is_well

    assert reminding.send_due(now=now) == 2
    assert sorted(server.recipients) == sorted(READERS * (weeks + 1))


@pytest.mark.usefixtures("waiting")
def test_a_mail_that_the_server_may_have_counts_as_sent(server):
    server.take = server.hang_up_when(lambda: len(server.recipients) == 1)
    with pytest.raises(handing.InDoubt):
        reminding.send_due(now=NEW_YEAR)
    server.take = everyone_is_well

    assert reminding.send_due(now=NEW_YEAR) == 1
    assert server.recipients == [ANA, CYR]


@pytest.mark.usefixtures("waiting")
def test_whom_the_server_puts_off_is_tried_again_and_the_others_do_not_wait(server):
    server.greet = off("450 4.2.0 greylisted")
    assert reminding.send_due(now=NEW_YEAR) == 2
    server.greet = everyone_is_well

    assert reminding.send_due(now=NEW_YEAR + A_QUARTER - timedelta(seconds=1)) == 0
    assert reminding.send_due(now=NEW_YEAR + A_QUARTER) == 1
    assert server.recipients == [BESO, CYR, ANA]


@pytest.mark.usefixtures("waiting")
def test_of_a_month_s_many_some_are_sent_in_a_round_and_who_rests_holds_up_none(
    server, monkeypatch
):
    monkeypatch.setattr(reminding, "BATCH", 1)
    server.greet = off("450 4.2.0 greylisted")

    assert [reminding.send_due(now=NEW_YEAR) for _ in range(4)] == [0, 1, 1, 0]
    assert server.recipients == [BESO, CYR]


def test_a_server_that_knows_nobody_costs_nobody_a_reminder(server):
    several = readers(12)
    for address in several:
        remember(address)
    server.greet = lambda _: "550 5.1.1 unknown"
    with pytest.raises(handing.NotNow):
        reminding.send_due(now=NEW_YEAR)
    server.greet = everyone_is_well

    assert reminding.send_due(now=NEW_YEAR + A_QUARTER) == 12
    assert sorted(server.recipients) == sorted(several)


@pytest.mark.usefixtures("waiting")
def test_behind_one_whom_a_provider_refuses_the_others_get_theirs(settings, monkeypatch):
    providers.answer(settings, monkeypatch, {ANA: providers.REFUSED})
    with pytest.raises(handing.Refused):
        reminding.send_due(now=NEW_YEAR)

    assert reminding.send_due(now=NEW_YEAR) == 2


def test_for_whoever_is_put_off_for_ever_the_second_mail_is_the_last_try(server):
    remember()
    tries = []
    server.greet = lambda _: tries.append(1) or "452 4.2.2 full"
    for week in range(2):
        for quarter in range(20):
            reminding.send_due(now=NEW_YEAR + week * A_WEEK + quarter * A_QUARTER)

    assert len(tries) == 2 * 5
    assert not Reminder.objects.exists()


def test_the_last_mail_of_every_year_is_put_back_too(server):
    remember(is_yearly=True)
    reminding.send_due(now=NEW_YEAR)
    server.greet = off("450 4.2.0 greylisted")
    reminding.send_due(now=NEW_YEAR + A_WEEK)

    assert Reminder.objects.get().sent_count == 1
    server.greet = everyone_is_well
    assert reminding.send_due(now=NEW_YEAR + A_WEEK + A_QUARTER) == 1
    assert Reminder.objects.get().month.year == 2028


def test_another_worker_deletes_nothing_while_the_last_mail_is_handed_over(server):
    remember()
    reminding.send_due(now=NEW_YEAR)
    reminder, now = Reminder.objects.get(), NEW_YEAR + A_WEEK
    assert reminder.claim(now=now)
    reminding.send_due(now=now + timedelta(seconds=5))
    reminder.put_back(claimed_at=now)

    assert reminding.send_due(now=now + timedelta(seconds=10)) == 1
    assert not Reminder.objects.exists()


def test_what_is_wished_anew_meanwhile_is_not_put_back():
    remember()
    reminder = Reminder.objects.get()
    reminder.claim(now=NEW_YEAR)
    remember()
    reminding.send_due(now=NEW_YEAR + A_QUARTER)
    reminder.put_back(claimed_at=NEW_YEAR)

    assert Reminder.objects.get().sent_count == 1


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "450 4.2.0 greylisted"])
def test_a_new_link_that_did_not_go_is_sent_later(server, client, answer):
    client.post(path_of(kept(), ago=TOO_OLD))
    now = timezone.now()
    server.greet = lambda _: answer
    with contextlib.suppress(handing.NotNow):
        reminding.send_due(now=now)
    server.greet = everyone_is_well

    assert reminding.send_due(now=now + A_QUARTER) == 1
    assert server.recipients == [ANA]


def test_a_key_that_is_missing_loses_no_reminder(server):
    remember(ANA)
    remember(BESO)
    Reminder.objects.filter(pk=Reminder.objects.earliest("pk").pk).update(sealed_address=b"no")

    assert reminding.send_due(now=NEW_YEAR) == 1
    assert sorted(Reminder.objects.values_list("sent_count", flat=True)) == [0, 1]
