"""On the list is whoever pressed the button in a mail, and nobody else."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tamizdat.appeals.models import LeftAlone
from tamizdat.config import resealing
from tamizdat.funding import selfservice
from tamizdat.funding.models import Supporter
from tamizdat.lib.vault import new_key
from tamizdat.newsletters import exporting, links, subscribing
from tamizdat.newsletters.models import SignUp, Subscriber
from tamizdat.outlet.models import MailProfile, Masthead
from tamizdat.outlet.vault import blind_index
from tests.appeals.test_kept import kept, path_of
from tests.appeals.test_reminding import remember as reminded
from tests.conftest import NOON
from tests.newsletters.making import subscribe

pytestmark = pytest.mark.usefixtures("newsroom")


def ask(client, address="ana@example.org", *, path="/newsletter/"):
    return client.post(path, {"address": address})


def sign_up(address="ana@example.org", *, language="en", now=None):
    now = now or timezone.now()
    subscribing.sign_up(address=address, language=language, now=now)
    subscribing.write_to_new(now=now)


def link_in(message):
    return re.search(
        r"http://localhost:8000(\S+/newsletter/confirm/\S+|/newsletter/\S+)", message.body
    )[1]


@pytest.mark.parametrize("path", ["/newsletter/", "/ru/newsletter/", "/fa/newsletter/"])
def test_the_page_takes_an_address_and_sets_no_cookie(client, path):
    page = client.get(path)
    answer = ask(client, path=path)

    assert 'name="address"' in page.content.decode()
    assert (answer.status_code, answer.url) == (302, f"{path}asked/")
    assert client.get(answer.url).status_code == 200
    assert not page.cookies
    assert not answer.cookies


@pytest.mark.parametrize("address", ["", "ana", "a b@example.org", "a@b.org\nBcc: c@d.org"])
def test_what_is_no_address_is_sent_back_with_a_sentence(client, address):
    answer = ask(client, address)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not SignUp.objects.exists()


def test_opening_the_link_does_nothing_and_pressing_puts_them_on_the_list(client):
    ask(client, path="/ru/newsletter/")
    subscribing.write_to_new(now=timezone.now())
    [message] = mail.outbox
    path = link_in(message)

    assert client.get(path).status_code == 200
    assert not Subscriber.objects.exists()
    answer = client.post(path)

    subscriber = Subscriber.objects.get()
    assert (subscriber.address, subscriber.language) == ("ana@example.org", "ru")
    assert client.get(answer.url).status_code == 200
    assert not SignUp.objects.exists()


def test_pressed_twice_it_is_one_subscriber(client):
    sign_up()
    path = link_in(mail.outbox[0])

    assert client.post(path).url == client.post(path).url
    assert Subscriber.objects.count() == 1


def test_whoever_signs_up_again_gets_the_same_answer_and_stays_one(client):
    subscribe("ana@example.org")
    before = Subscriber.objects.get()
    sign_up("Ana@Example.org", language="fa")
    client.post(link_in(mail.outbox[0]))

    after = Subscriber.objects.get()
    assert (after.pk, after.language, after.confirmed_on) == (before.pk, "fa", before.confirmed_on)


def test_the_links_in_older_mails_find_whoever_signed_up_again(client):
    subscribe("ana@example.org")
    path = f"/newsletter/yours/{links.to_page_of(Subscriber.objects.get().public_id)}/"
    sign_up()
    confirming = link_in(mail.outbox[0])

    for _ in range(2):
        assert client.post(confirming).url == path
    assert "a…@example.org" in client.get(path).content.decode()
    client.post(path)
    assert not Subscriber.objects.exists()


def test_a_sign_up_that_has_another_id_than_its_subscriber_admits_them_too(client):
    sign_up()
    subscribe("ana@example.org")
    before = Subscriber.objects.get()
    answer = client.post(link_in(mail.outbox[0]))

    assert answer.url == f"/newsletter/yours/{links.to_page_of(before.public_id)}/"
    assert Subscriber.objects.get() == before


def test_of_a_link_for_which_nothing_is_kept_nobody_is_told_that_something_was_deleted(client):
    path = f"/newsletter/yours/{links.to_page_of('of-nobody')}/"

    for page in (client.get(path), client.post(path)):
        assert "Nothing is kept for this link" in page.content.decode()
        assert "deleted" not in page.content.decode()


def test_a_link_works_for_three_days_and_then_the_address_is_gone(client):
    sign_up(now=NOON - timedelta(days=5))
    path = link_in(mail.outbox[0])

    assert subscribing.forget_unconfirmed(now=NOON - timedelta(days=3)) == 0
    assert client.post(path).status_code == 410
    assert subscribing.forget_unconfirmed(now=NOON) == 1
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("kind", ["confirm", "yours"])
def test_a_damaged_link_says_so_and_does_nothing(client, kind):
    subscribe("ana@example.org")
    token = links.to_page_of(Subscriber.objects.get().public_id)

    assert client.post(f"/newsletter/{kind}/{token[:-3]}/").status_code == 404
    assert Subscriber.objects.exists()


def test_the_page_shows_all_that_is_kept_and_deletes_it(client):
    subscribe("ana@example.org")
    path = f"/newsletter/yours/{links.to_page_of(Subscriber.objects.get().public_id)}/"
    page = client.get(path).content.decode()
    answer = client.post(path)

    assert "a…@example.org" in page
    assert "ana@" not in page  # a mail is passed on with its link
    assert "1 November 2026" in page
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()
    assert client.get(path).status_code == 200  # and says that nothing is left


def test_an_address_gets_three_mails_and_the_fourth_asking_gets_the_same_answer():
    for _ in range(5):
        sign_up()

    assert len(mail.outbox) == 3


def test_limits_keep_no_address():
    sign_up("ana.verev@example.org")
    dump = io.StringIO()
    call_command("dumpdata", "newsletters", "payments", stdout=dump)

    assert '"sealed_address"' in dump.getvalue()
    assert "verev" not in dump.getvalue().lower()


def test_a_flood_of_sign_ups_is_stopped_with_a_sentence(client, monkeypatch):
    few = subscribing.Limit("sign-ups", burst=2, every=timedelta(hours=1))
    monkeypatch.setattr(subscribing, "AT_ALL", few)
    answers = [ask(client, f"reader-{n}@example.org") for n in range(3)]

    assert [each.status_code for each in answers] == [302, 302, 422]
    assert SignUp.objects.count() == 2


def test_an_address_that_must_be_left_alone_gets_the_same_answer_and_no_mail(client):
    LeftAlone.objects.create(index=blind_index("reminder ana@example.org"))

    assert ask(client).status_code == 302
    assert subscribing.write_to_new(now=timezone.now()) == 0


@pytest.fixture
def nameless(newsroom, settings):
    """An outlet that can write without its name, and is easily found in what it writes."""
    Masthead.objects.update(name="The Lantern")
    settings.GIVE_ADDRESS = "https://lantern.example"
    settings.DEFAULT_FROM_EMAIL = "The Lantern <readers@lantern.example>"
    settings.NEUTRAL_SENDER = "notes@pages.example"
    settings.NEUTRAL_ADDRESS = "https://pages.example"


@pytest.mark.usefixtures("nameless")
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("chose_as", ["giver", "reader to be reminded"])
def test_whoever_wants_mail_without_our_name_gets_such_whoever_types_their_address(
    client, language, chose_as
):
    if chose_as == "giver":
        giver = Supporter.objects.at("Ana@example.org", language="en", now=NOON)
        giver.choose_mail(MailProfile.NEUTRAL)
    else:
        reminded("ana@example.org", mail_profile=MailProfile.NEUTRAL)
    sign_up(language=language)

    [message] = mail.outbox
    assert "lantern" not in message.message().as_string().lower()
    assert message.from_email == "notes@pages.example"
    token = re.search(r"https://pages.example(\S+)", message.body)[1]
    assert client.post(token).status_code == 302
    assert Subscriber.objects.exists()


@pytest.mark.usefixtures("nameless")
def test_to_a_giver_who_wants_no_mail_none_goes_and_what_was_typed_is_forgotten(client):
    giver = Supporter.objects.at("ana@example.org", language="en", now=NOON)
    ask(client)
    giver.choose_mail(MailProfile.NONE)

    assert ask(client).status_code == 302
    assert subscribing.write_to_new(now=timezone.now()) == 0
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("words", [{}, {"never": "1"}])
def test_who_forgets_a_reminder_keeps_the_newsletter_and_who_is_left_alone_gets_none(client, words):
    subscribe("Ana@example.org")
    subscribing.sign_up(address="ana@example.org", language="ru", now=NOON)

    client.post(path_of(kept()), words)

    are_left = "never" not in words
    assert [rows.objects.exists() for rows in (Subscriber, SignUp)] == [are_left, are_left]


def test_the_slower_of_two_workers_writes_nothing():
    subscribing.sign_up(address="ana@example.org", language="en", now=NOON)
    stale = SignUp.objects.get()
    subscribing.write_to_new(now=NOON)

    assert not stale.claim(now=NOON)


def test_what_a_crash_kept_back_is_written_ten_minutes_later():
    subscribing.sign_up(address="ana@example.org", language="en", now=NOON)
    SignUp.objects.get().claim(now=NOON)

    assert subscribing.write_to_new(now=NOON + timedelta(minutes=9)) == 0
    assert subscribing.write_to_new(now=NOON + timedelta(minutes=10)) == 1


def test_whom_the_server_puts_off_is_written_to_ten_minutes_later_and_nobody_waits_with_them(
    server,
):
    for name in ("ana", "beso", "cyr"):
        subscribing.sign_up(address=f"{name}@example.org", language="en", now=NOON)
    server.greet = lambda to: "450 4.2.0 greylisted" if to.startswith("ana@") else "250 OK"

    assert subscribing.write_to_new(now=NOON) == 2
    server.greet = lambda _: "250 OK"
    assert subscribing.write_to_new(now=NOON + timedelta(minutes=9)) == 0
    assert subscribing.write_to_new(now=NOON + timedelta(minutes=10)) == 1
    assert server.recipients[-1] == "ana@example.org"


def test_a_supporter_who_is_forgotten_gets_no_newsletter_either():
    subscribe("ana@example.org")
    supporter = Supporter.objects.at("Ana@example.org", language="en", now=NOON)

    selfservice.forget(supporter, now=NOON)

    assert not Subscriber.objects.exists()


def test_subscribers_leave_with_the_newsroom_and_unconfirmed_ones_do_not():
    subscribe("ana@example.org")
    sign_up("beso@example.org")

    assert [row["address"] for row in exporting.sealed_rows()] == ["ana@example.org"]


def test_a_new_vault_key_seals_them_anew(settings):
    subscribe("ana@example.org")
    sign_up("beso@example.org")
    settings.VAULT_KEY = f"{new_key()} {settings.VAULT_KEY}"

    assert resealing.reseal() == 2
    assert Subscriber.objects.get().address == "ana@example.org"
