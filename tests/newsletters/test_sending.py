"""Each subscriber gets an issue once, whatever the mail server does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tamizdat.newsletters import sending, subscribing
from tamizdat.newsletters.models import Delivery, Issue, Subscriber
from tamizdat.outlet import handing
from tests.conftest import NOON
from tests.newsletters.making import ROUND, a_story, an_issue, make_due, readers, subscribe, work
from tests.outlet import providers

pytestmark = pytest.mark.usefixtures("newsroom")


def stands(issue):
    issue.refresh_from_db()
    return issue.state, issue.taken_count, issue.refused_count, issue.doubtful_count


@pytest.fixture
def issue():
    return make_due(an_issue())


def test_everyone_of_the_language_gets_one_and_then_nothing_says_who(issue, server):
    subscribe(*readers(300))
    subscribe("odra@readers.example", language="ru")

    assert work(rounds=4) == [200, 100, 0, 0]
    assert sorted(server.recipients) == sorted(readers(300))
    assert stands(issue) == ("sent", 300, 0, 0)
    assert not Delivery.objects.exists()


def test_nothing_goes_before_its_hour(server):
    subscribe(*readers(1))
    make_due(an_issue(), now=NOON + ROUND)

    assert work(rounds=3) == [0, 1, 0]


def test_it_goes_once_however_often_the_worker_comes_by(issue, server):
    subscribe(*readers(3))
    work(rounds=5)
    subscribe("late@readers.example")
    work(rounds=5)

    assert sorted(server.recipients) == readers(3)


def test_a_mail_names_its_list_and_ends_with_one_press(issue, server, client):
    subscribe("ana@example.org", "beso@example.org")
    work(rounds=1)
    mail = next(each for each in server.mails if each["To"] == "ana@example.org")
    address = mail["List-Unsubscribe"].strip(" <>")
    path = address.removeprefix("http://localhost:8000")
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert mail["List-Id"] == "<newsletter-en.lantern.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["From"] == "The Lantern <readers@lantern.example>"
    assert address in mail.get_body(("plain",)).get_content()
    assert address in mail.get_body(("html",)).get_content()
    assert (answer.status_code, answer.cookies) == (200, {})
    assert Subscriber.objects.get().address == "beso@example.org"


def test_no_two_mails_are_named_alike_and_none_names_the_machine(issue, server):
    subscribe(*readers(20))
    work(rounds=1)
    names = [mail["Message-ID"] for mail in server.mails]

    assert len(set(names)) == 20
    assert {name.partition("@")[2] for name in names} == {"lantern.example>"}


def test_bounces_go_where_the_operator_says(issue, server, settings):
    settings.NEWSLETTER_BOUNCES = "bounces@lantern.example"
    subscribe(*readers(1))
    work(rounds=1)

    assert server.senders == ["bounces@lantern.example"]
    assert server.mails[0]["From"] == "The Lantern <readers@lantern.example>"


def test_an_address_at_which_nobody_is_goes_from_the_list(issue, server):
    subscribe(*readers(3))
    server.greet = lambda to: "550 5.1.1 unknown" if to.startswith("reader-1@") else "250 OK"
    work(rounds=2)

    assert server.recipients == ["reader-0@readers.example", "reader-2@readers.example"]
    assert stands(issue) == ("sent", 2, 1, 0)
    assert Subscriber.objects.count() == 2


@pytest.mark.parametrize("answer", ["550 5.7.1 blocked", "550 no", "552 5.2.2 full"])
def test_who_is_refused_for_other_reasons_stays_on_the_list(issue, server, answer):
    subscribe(*readers(3))
    server.greet = lambda to: answer if to.startswith("reader-1@") else "250 OK"
    work(rounds=2)

    assert stands(issue) == ("sent", 2, 1, 0)
    assert Subscriber.objects.count() == 3


def test_a_mail_that_the_server_rejects_by_its_content_is_refused(issue, server):
    subscribe(*readers(1))
    server.take = lambda _: "554 5.6.0 no"
    work(rounds=2)

    assert stands(issue) == ("sent", 0, 1, 0)


def test_whom_the_server_puts_off_is_tried_again_a_quarter_of_an_hour_later(issue, server):
    subscribe(*readers(2))
    server.greet = lambda to: "450 4.2.0 later" if to.startswith("reader-0@") else "250 OK"
    work(rounds=3)
    server.greet = lambda _: "250 OK"

    assert server.recipients == ["reader-1@readers.example"]
    assert sending.send_due(now=NOON + timedelta(minutes=14)) == 0
    assert sending.send_due(now=NOON + timedelta(minutes=15)) == 1


def test_whoever_is_put_off_for_ever_is_refused_in_the_end(issue, server):
    subscribe(*readers(1))
    server.greet = lambda _: "450 4.2.0 later"
    for quarter in range(7):
        work(rounds=2, now=NOON + quarter * timedelta(minutes=15))

    assert stands(issue) == ("sent", 0, 1, 0)


def test_a_server_that_refuses_everyone_is_left_alone_for_a_while(issue, server):
    subscribe(*readers(50))
    server.greet = lambda _: "550 5.7.1 we do not like you"
    work(rounds=10)

    assert Delivery.objects.filter(state="refused").count() == handing.MOST_IN_A_ROW
    assert Subscriber.objects.count() == 50


@pytest.mark.parametrize("count", [5, 50])
def test_a_server_that_knows_nobody_takes_nobody_off_the_list(issue, server, count):
    subscribe(*readers(count))
    server.greet = lambda _: "550 5.1.1 unknown"
    work(rounds=10)

    assert Subscriber.objects.count() == count
    assert stands(issue)[2] == min(count, handing.MOST_IN_A_ROW)


def test_behind_one_whom_a_provider_refuses_the_others_get_theirs(issue, settings, monkeypatch):
    subscribe(*readers(3))
    providers.answer(settings, monkeypatch, {"reader-0@readers.example": providers.REFUSED})

    assert work(rounds=2) == [2, 0]
    assert stands(issue) == ("sent", 2, 1, 0)


def test_a_server_that_is_down_costs_nobody_anything(issue, server, settings):
    subscribe(*readers(5))
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert work(rounds=3) == [0, 0, 0]
    settings.EMAIL_PORT = there

    assert sending.send_due(now=NOON + sending.REST) == 5


def test_a_line_that_breaks_before_a_mail_costs_nobody_anything(issue, server):
    subscribe(*readers(5))
    server.greet = lambda to: "421 4.3.2 closing" if len(server.recipients) == 2 else "250 OK"
    work(rounds=1)
    server.greet = lambda _: "250 OK"

    assert sending.send_due(now=NOON + sending.REST) == 3
    assert sorted(server.recipients) == readers(5)


def test_a_line_that_breaks_within_a_mail_leaves_that_one_in_doubt_and_never_tries_it_again(
    issue, server
):
    subscribe(*readers(5))
    server.take = server.hang_up_when(lambda: len(server.recipients) == 2)
    work(rounds=1)
    server.take = lambda _: "250 OK"
    work(rounds=2, now=NOON + sending.REST)
    work(rounds=1, now=NOON + timedelta(hours=1))

    assert len(set(server.recipients)) == len(server.recipients) == 4
    assert stands(issue) == ("sent", 4, 0, 1)


def test_no_more_go_in_a_minute_than_the_operator_allows(issue, server, settings):
    settings.NEWSLETTER_PER_MINUTE = 60
    subscribe(*readers(100))

    assert work(rounds=4) == [60, 5, 5, 5]


def test_who_leaves_meanwhile_gets_nothing(issue, server):
    subscribe(*readers(3))
    sending.set_out(issue, now=NOON)
    [delivery, *_] = issue.deliveries.claim(by="me", most=1, now=NOON)
    subscribing.leave(delivery.subscriber)

    assert not delivery.mark_handing()
    assert work(rounds=1) == [2]


def test_of_two_workers_each_takes_others(issue):
    subscribe(*readers(5))
    sending.set_out(issue, now=NOON)
    mine = issue.deliveries.claim(by="me", most=3, now=NOON)
    yours = issue.deliveries.claim(by="you", most=3, now=NOON)

    assert [len(mine), len(yours)] == [3, 2]


def test_a_worker_that_was_away_too_long_finds_its_claim_gone(issue):
    subscribe(*readers(1))
    sending.set_out(issue, now=NOON)
    [mine] = issue.deliveries.claim(by="me", most=1, now=NOON)
    [yours] = issue.deliveries.claim(by="you", most=1, now=NOON + timedelta(minutes=15))

    assert yours.mark_handing()
    assert not mine.mark_handing()


def test_the_slower_of_two_that_let_it_out_lets_nothing_out(issue):
    subscribe(*readers(1))
    stale = Issue.objects.get()

    assert sending.set_out(issue, now=NOON)
    assert not sending.set_out(stale, now=NOON)
    assert Delivery.objects.count() == 1


def test_stopped_half_way_the_rest_gets_nothing(issue, server):
    subscribe(*readers(300))
    work(rounds=1)

    assert sending.stop(issue, now=NOON)
    assert work(rounds=3) == [0, 0, 0]
    assert stands(issue) == ("stopped", 200, 0, 0)


def test_a_story_that_is_changed_or_gone_meanwhile_changes_nothing(server):
    story = a_story()
    make_due(an_issue(story))
    subscribe(*readers(201))
    work(rounds=1)
    story.delete()
    work(rounds=1)

    assert all("Lamps go out" in each.get_body(("plain",)).get_content() for each in server.mails)
    assert len(server.mails) == 201


def test_an_issue_whose_story_was_taken_back_becomes_a_draft_again(server):
    story = a_story()
    issue = make_due(an_issue(story))
    story.unpublish()
    subscribe(*readers(1))

    assert work(rounds=2) == [0, 0]
    assert stands(issue)[0] == "draft"


def test_the_database_refuses_a_second_delivery_to_the_same_subscriber(issue):
    subscribe(*readers(1))
    sending.set_out(issue, now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.begin(issue, [Subscriber.objects.get().pk])


def test_a_key_that_is_missing_loses_no_subscriber(issue, server):
    subscribe(*readers(2))
    Subscriber.objects.update(sealed_address=b"nonsense")
    work(rounds=2)

    assert server.recipients == []
    assert Subscriber.objects.count() == 2
