"""Mail that does not name us, and no mail at all: whatever is written to whomever chose so."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.months import Month
from tamizdat.appeals.reminding import Wish
from tamizdat.funding import access, giving, giving_back, letters, outcome, profiles, selfservice
from tamizdat.funding.models import Letter, Pledge, Supporter
from tamizdat.funding.models.letter import OF_A_CHARGE
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead
from tamizdat.payments import settling
from tests.funding.givers import ADDRESS, give, pledge_of, wish
from tests.funding.test_proving import work

STORY = "/harbour/ferry-ledger/"
# Told of one pledge in any state; those of a charge are written beside them.
KINDS = sorted(set(Letter.Kind) - set(OF_A_CHARGE))


@pytest.fixture(autouse=True)
def a_lantern(newsroom, settings):
    """An outlet whose name and hosts are easily found."""
    Masthead.objects.update(name="The Lantern", tagline="Light for the harbour")
    settings.SITE_ADDRESS = "https://lantern.example"
    settings.DEFAULT_FROM_EMAIL = "The Lantern <readers@lantern.example>"
    settings.NEUTRAL_SENDER = "notes@pages.example"
    settings.NEUTRAL_ADDRESS = "https://pages.example"
    settings.ALLOWED_HOSTS = ["*"]


def written():
    """All that the spool holds: headers, text and HTML, as a mail server is given it."""
    letters.send_waiting(now=timezone.now())
    return [message.message().as_string() for message in mail.outbox]


def a_pledge_of_whoever_wants(profile, nowhere, language="en"):
    now = timezone.now()
    gift = replace(
        wish(address="" if profile == "none" else ADDRESS),
        mail_profile=profile,
        source_page=STORY,
        language=language,
    )
    charge = giving.promise(gift, now=now)
    bank = giving.open_bank(charge, provider=nowhere.provider.code, language="en", now=now)
    nowhere.pay(bank.url)
    outcome.of(charge, now=now)
    return Pledge.objects.get(dues__charge=charge)


def all_that_is_ever_written(pledge, nowhere):
    pledge.instrument.note_expiry(timezone.now().date(), now=timezone.now())
    for kind in KINDS:
        Letter.objects.create(
            kind=kind, supporter=pledge.supporter, pledge=pledge, created_at=timezone.now()
        )
    charge = pledge.dues.get().charge
    Letter.objects.create(
        kind="begin", supporter=pledge.supporter, charge=charge, created_at=timezone.now()
    )
    giving_back.give_back(
        charge, Money(100, "USD"), reason="x", number=1, by=None, now=timezone.now()
    )
    language = pledge.supporter.language
    asked = Wish(address=ADDRESS, month=Month(2026, 1), language=language)
    reminding.remember(asked, now=timezone.now())
    reminding.send_due(now=timezone.now() + timedelta(days=60))
    written()
    nowhere.bank.fail_refund(nowhere.bank.refunds_given()[-1])
    settling.resolve(charge.latest_attempt, now=timezone.now())
    return written()


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_neutral_mail_names_neither_outlet_nor_host_nor_story(nowhere, language):
    pledge = a_pledge_of_whoever_wants("neutral", nowhere, language)

    mails = all_that_is_ever_written(pledge, nowhere)

    # A receipt, a confirmation, a refund, that it did not arrive, a reminder.
    assert len(mails) == len(KINDS) + 5
    for text in mails:
        assert not re.search(r"lantern|harbour|ferry|localhost|light for", text, re.IGNORECASE)
        assert "https://pages.example/" in text
        assert "From: notes@pages.example" in text


def test_the_search_finds_what_a_normal_mail_says(nowhere):
    [text] = written() if a_pledge_of_whoever_wants("normal", nowhere) else []

    assert "The Lantern" in text
    assert "https://lantern.example/" in text


def test_who_wants_no_mail_gets_none_and_leaves_no_address(nowhere):
    pledge = a_pledge_of_whoever_wants("none", nowhere)

    assert not pledge.supporter.has_address
    assert written() == []


def test_who_asks_for_no_mail_later_gets_none_but_their_link_when_they_ask_for_it(nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    pledge.supporter.choose_mail("none")
    Letter.objects.exclude(kind="receipt").delete()
    assert written() == []

    selfservice.stop(pledge, now=timezone.now())
    assert written() == []

    selfservice.mail_new_link(pledge.supporter, pledge, now=timezone.now())
    assert len(written()) == 1


def test_the_link_of_whoever_wants_no_mail_never_becomes_too_old(client, nowhere):
    pledge = a_pledge_of_whoever_wants("none", nowhere)
    token = access.token_for(pledge.supporter, pledge, now=timezone.now() - timedelta(days=4000))

    assert "You give $5 each month" in client.get(f"/manage/{token}/").content.decode()


def test_the_link_is_shown_once_when_its_reader_asks_for_it(client, nowhere):
    pledge = a_pledge_of_whoever_wants("none", nowhere)
    thanks = f"/thanks/{pledge.dues.get().charge.reference}/"

    assert "/manage/" not in client.get(thanks).content.decode()
    shown = client.post(thanks, {"link": "yes"}).content.decode()
    again = client.post(thanks, {"link": "yes"}).content.decode()

    link = re.search(r"https://lantern.example(/manage/[^\"<]+)", shown)[1]
    assert "Stop this gift" in client.get(link).content.decode()
    assert "/manage/" not in again
    assert "was shown, once" in again


def test_nobody_elses_page_shows_a_link(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    thanks = f"/thanks/{pledge.dues.get().charge.reference}/"

    assert "/manage/" not in client.post(thanks, {"link": "yes"}).content.decode()


def test_a_form_makes_the_mails_of_an_address_more_careful_and_never_less(nowhere):
    a_pledge_of_whoever_wants("normal", nowhere)
    a_pledge_of_whoever_wants("neutral", nowhere)
    a_pledge_of_whoever_wants("normal", nowhere)

    assert Supporter.objects.get().mail_profile == "neutral"


def fill_in(client, **fields):
    words = {"currency": "USD", "interval": "month", "amount": "5", "own": "", "method": "card"}
    words |= {"reference": "a" * 22} | fields
    proof = work(words["reference"], now=timezone.now())
    return client.post("/checkout/", {"proof": proof} | words)


def test_the_form_needs_no_address_of_whoever_wants_no_mail(client, nowhere):
    assert fill_in(client, mail="none", address="").status_code == 302
    assert fill_in(client, mail="normal", address="", reference="b" * 22).status_code == 422


def test_an_address_that_is_not_needed_is_not_kept(client, nowhere):
    fill_in(client, mail="none", address=ADDRESS)

    assert not Supporter.objects.get().has_address


@pytest.mark.parametrize("interval", ["month", "once"])
def test_who_wants_no_mail_is_mailed_no_link_even_where_one_is_needed(client, nowhere, interval):
    answer = fill_in(client, mail="none", address=ADDRESS, interval=interval, proof="")

    assert answer.status_code == 422
    assert "let us write to you" in answer.content.decode()
    assert not Letter.objects.exists()
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("mail_", ["", "dance"])
def test_the_outlet_decides_for_whoever_says_nothing(client, nowhere, mail_):
    Masthead.objects.update(mail_profile="neutral")

    fill_in(client, mail=mail_, address=ADDRESS)

    assert Supporter.objects.get().mail_profile == "neutral"


def test_without_a_neutral_sender_neutral_mail_is_not_offered(client, nowhere, settings):
    settings.NEUTRAL_SENDER = ""

    assert "neutral" not in [way.value for way in profiles.offered()]
    assert 'value="neutral"' not in client.get("/checkout/").content.decode()


def test_what_was_promised_and_cannot_be_kept_stops_the_newsroom(settings):
    Masthead.objects.update(mail_profile="neutral")
    assert "funding.E001" not in [one.id for one in run_checks(databases=["default"])]

    settings.NEUTRAL_SENDER = ""

    assert "funding.E001" in [one.id for one in run_checks(databases=["default"])]


def test_from_the_page_in_the_mail_it_is_changed(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    page = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"

    client.post(page, {"action": "mail", "mail": "neutral"})
    assert Supporter.objects.get().mail_profile == "neutral"
    client.post(page, {"action": "mail", "mail": "none"})

    assert "keep the link to this page" in client.get(page).content.decode()


def page_shown(client, link):
    """What it says, and every link to a supporter's page on it."""
    page = client.get(link).content.decode()
    return page, re.findall(r'href="(?:https://[a-z.]+)?(/manage/[^"]+?/)(?:\d{4}/)?"', page)


def test_whoever_holds_a_mailed_link_gets_none_that_works_longer(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    pledge_of(nowhere, interval="year", now=timezone.now())
    mailed_at = timezone.now() - timedelta(days=59)
    mailed = f"/manage/{access.token_for(pledge.supporter, pledge, now=mailed_at)}/"

    client.post(mailed, {"action": "mail", "mail": "none"})
    page, links = page_shown(client, mailed)

    assert "have a new one mailed to you" in page
    assert len(set(links)) == 2
    for link in links:
        token = link.split("/")[2]
        assert access.read(token, now=timezone.now() + timedelta(days=2)).is_expired


def test_a_link_for_ever_of_whoever_has_an_address_is_too_old_and_sends_another(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    Letter.objects.all().delete()
    pledge.supporter.choose_mail("none")
    for_ever = f"/manage/{access._sign(pledge.supporter, pledge, until=access.FOR_EVER)}/"

    assert "too old" in client.get(for_ever).content.decode()
    client.post(for_ever, {"action": "stop"})

    pledge.refresh_from_db()
    assert (pledge.state, len(written())) == ("active", 1)


def test_whoever_left_no_address_keeps_the_link_they_have_for_ever(client, nowhere):
    pledge = a_pledge_of_whoever_wants("none", nowhere)
    here = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"

    page, links = page_shown(client, here)
    assert "It works as long as we do" in page
    assert set(links) == {here}

    assert client.post(here, {"action": "mail", "mail": "normal"}).status_code == 409
    assert client.get(here).status_code == 200


def test_who_wanted_no_mail_and_is_forgotten_is_told_that_the_link_dies(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    pledge.supporter.choose_mail("none")
    here = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"

    page = client.post(here, {"action": "forget"}, follow=True).content.decode()

    assert "the link to it dies by itself" in page
    assert "keep the link" not in page


def test_a_supporter_who_wants_no_mail_is_not_reminded(nowhere):
    give(nowhere, wish("once"), now=timezone.now())
    Supporter.objects.get().choose_mail("none")
    Letter.objects.all().delete()
    asked = Wish(address=ADDRESS, month=Month(2026, 1), language="en")
    reminding.remember(asked, now=timezone.now())

    reminding.send_due(now=timezone.now())

    assert mail.outbox == []


def test_a_reminder_of_an_outlet_that_is_careful_is_neutral(client):
    Masthead.objects.update(mail_profile="none")
    next_month = Month.of(timezone.localdate()).plus(1)
    client.post("/remind/", {"address": "beso@example.org", "month": str(next_month)})

    reminding.send_due(now=timezone.now() + timedelta(days=62))

    [message] = mail.outbox
    assert "Lantern" not in message.message().as_string()
    assert "Here we are" in message.body


def test_whoever_types_anothers_address_gets_no_link_of_theirs(client, nowhere):
    pledge_of(nowhere, now=timezone.now())
    Supporter.objects.get().choose_mail("none")
    theirs = a_pledge_of_whoever_wants("normal", nowhere)
    thanks = f"/thanks/{theirs.dues.get().charge.reference}/"

    assert theirs.supporter == Supporter.objects.get()
    assert "/manage/" not in client.post(thanks, {"link": "yes"}).content.decode()


def test_the_page_leads_to_whatever_else_they_give(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    other = pledge_of(nowhere, interval="year", now=timezone.now())
    token = access.token_for(pledge.supporter, pledge, now=timezone.now())

    page = client.get(f"/manage/{token}/").content.decode()

    link = re.search(r'<li><a href="(/manage/[^"]+)">([^<]+)', page)
    assert "each year" in link[2]
    assert "You give $5 each year" in client.get(link[1]).content.decode()
    assert other.supporter == pledge.supporter
