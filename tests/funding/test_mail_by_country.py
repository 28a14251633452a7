"""Whoever begins to give from a country is written to as carefully as the outlet decided."""

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from tamizdat.funding import letters
from tamizdat.funding.models import MailRule, Supporter
from tests.funding.givers import give, pledge_of, wish
from tests.payments.banks import at_each

pytestmark = pytest.mark.usefixtures("outlet")
HERE = "US"  # where the card that works is from


@pytest.fixture(autouse=True)
def neutral_sender(settings):
    settings.NEUTRAL_SENDER = "notes@pages.example"


def rule(profile, country=HERE):
    MailRule.objects.create(country=country, profile=profile)


def mailed():
    letters.send_waiting(now=timezone.now())
    return [message.from_email for message in mail.outbox]


def thanks(client, charge):
    return client.get(f"/thanks/{charge.reference}/").content.decode()


@at_each
def test_without_our_name_from_the_receipt_on(nowhere):
    rule("neutral")

    give(nowhere, wish("once"), now=timezone.now())

    assert Supporter.objects.get().mail_profile == "neutral"
    assert mailed() == ["notes@pages.example"]


def test_from_elsewhere_as_they_chose(nowhere):
    rule("none", country="BY")

    give(nowhere, wish("once"), now=timezone.now())

    assert Supporter.objects.get().mail_profile == "normal"
    assert len(mailed()) == 1


@pytest.mark.parametrize("interval", ["month", "once"])
def test_no_mail_is_written_and_the_address_of_somebody_new_is_forgotten(client, nowhere, interval):
    rule("none")

    charge = give(nowhere, wish(interval), now=timezone.now())

    supporter = Supporter.objects.get()
    assert (supporter.mail_profile, supporter.has_address) == ("none", False)
    assert mailed() == []
    assert "We send no mail" in thanks(client, charge)


def test_of_a_pledge_the_link_is_shown_once_instead(client, nowhere):
    rule("none")
    charge = pledge_of(nowhere, now=timezone.now()).dues.get().charge

    shown = client.post(f"/thanks/{charge.reference}/", {"link": "yes"}).content.decode()

    assert "/manage/" in shown


def test_nobody_who_gave_before_is_silenced(client, nowhere):
    give(nowhere, wish("once"), now=timezone.now())
    rule("none")

    charge = give(nowhere, wish("once"), now=timezone.now())

    supporter = Supporter.objects.get()
    assert (supporter.mail_profile, supporter.has_address) == ("neutral", True)
    assert "We send no mail" not in thanks(client, charge)


def test_what_they_chose_that_is_more_careful_stays(nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    pledge.supporter.choose_mail("none")
    rule("neutral")

    give(nowhere, wish("once"), now=timezone.now())

    assert Supporter.objects.get().mail_profile == "none"


def test_without_a_neutral_sender_none_is_promised(nowhere, settings, admin_client):
    settings.NEUTRAL_SENDER = ""
    words = {"country": "us", "profile": "neutral"}

    page = admin_client.post("/desk/mailrule/new/", words).content.decode()

    assert "mail.neutral_sender" in page
    assert not MailRule.objects.exists()


def test_the_revenue_lead_writes_it_in_the_desk(admin_client):
    admin_client.post("/desk/mailrule/new/", {"country": "by", "profile": "none"})

    assert str(MailRule.objects.get()) == "BY: No mail, and no address kept"


@pytest.mark.parametrize("wrong", [{"country": "by"}, {"profile": "normal"}])
def test_an_impossible_rule_is_refused(wrong):
    with pytest.raises(IntegrityError):
        MailRule.objects.create(**{"country": "BY", "profile": "none"} | wrong)
