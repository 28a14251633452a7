"""Money that did not arrive: its giver is told what happened and what to do, and so are staff."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tamizdat.funding import access, giving_back, letters
from tamizdat.funding.models import Letter
from tamizdat.lib.money import Money
from tamizdat.payments import settling
from tests.funding.givers import give, pledge_of, wish
from tests.payments.banks import at_each

pytestmark = pytest.mark.usefixtures("outlet")


def give_back(charge, minor=150, *, number=1):
    words = {"reason": "asked for it", "number": number, "by": None}
    giving_back.give_back(charge, Money(minor, "USD"), **words, now=timezone.now())


def fail(nowhere, charge):
    nowhere.bank.fail_refund(nowhere.bank.refunds_given()[-1])
    settling.resolve(charge.latest_attempt, now=timezone.now())


def mailed():
    letters.send_waiting(now=timezone.now())
    return [message.subject for message in mail.outbox]


@pytest.fixture
def gift(nowhere):
    """Given back in part, and told of it."""
    charge = give(nowhere, wish("once"), now=timezone.now())
    give_back(charge)
    mailed()
    mail.outbox.clear()
    return charge


@at_each
def test_its_giver_is_told_what_to_do(nowhere, gift):
    fail(nowhere, gift)

    assert mailed() == ["Money did not reach you"]
    body = mail.outbox[0].body
    assert "$1.50 did not reach you" in body
    assert "Write to us with the receipt number" in body
    assert gift.receipt_number in body
    assert "given back" not in body


def test_a_mail_that_waits_and_says_that_it_is_coming_is_not_sent(nowhere):
    charge = give(nowhere, wish("once"), now=timezone.now())
    mailed()
    mail.outbox.clear()
    give_back(charge)
    fail(nowhere, charge)

    assert mailed() == ["Money did not reach you"]


def test_of_two_refunds_the_one_that_arrived_is_told_of_as_well(nowhere, gift):
    give_back(gift, 200, number=2)
    fail(nowhere, gift)

    assert mailed() == ["Money did not reach you"]
    assert "$2 did not reach you" in mail.outbox[0].body
    assert "$1.50 of it was given back" in mail.outbox[0].body


def test_once_it_was_given_back_again_no_mail_says_that_it_did_not_arrive(nowhere, gift):
    fail(nowhere, gift)
    give_back(gift, number=2)

    assert mailed() == ["Money is on its way back to you"]
    assert "did not reach you" not in mail.outbox[0].body


def test_nobody_is_written_to_about_a_halted_pledge(nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    charge = pledge.dues.get().charge
    give_back(charge)
    pledge.move_to("halted")
    Letter.objects.all().delete()

    fail(nowhere, charge)

    assert mailed() == []


def test_the_gift_s_page_says_what_happened_and_what_to_do(client, nowhere, gift):
    fail(nowhere, gift)

    page = client.get(f"/thanks/{gift.reference}/").content.decode()

    assert "$1.50 did not reach you" in page
    assert gift.receipt_number in page
    assert "was given back" not in page


def test_so_does_the_page_behind_the_link_in_the_mail(client, nowhere):
    pledge = pledge_of(nowhere, now=timezone.now())
    charge = pledge.dues.get().charge
    address = f"/manage/{access.token_for(pledge.supporter, pledge, now=timezone.now())}/"
    give_back(charge)
    assert charge.reference not in client.get(address).content.decode()

    fail(nowhere, charge)

    page = client.get(address).content.decode()
    assert "$1.50 did not reach you" in page
    assert "Write to us with the receipt number" in page
    assert charge.receipt_number in page


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "До вас не дошло"), ("fa", "به دست شما نرسید")]
)
def test_in_the_language_of_its_reader(client, nowhere, gift, language, words):
    fail(nowhere, gift)

    assert words in client.get(f"/{language}/thanks/{gift.reference}/").content.decode()


class TestAtTheDesk:
    def test_the_first_page_leads_to_the_gift_until_it_is_given_back(
        self, nowhere, gift, admin_client
    ):
        assert "What was given back came back" not in admin_client.get("/desk/").content.decode()
        fail(nowhere, gift)

        home = admin_client.get("/desk/").content.decode()
        give_back(gift, number=2)

        assert f"/desk/gifts/{gift.reference}/" in home
        assert "$1.50" in home
        assert "What was given back came back" not in admin_client.get("/desk/").content.decode()

    def test_after_two_months_it_is_told_no_more(self, nowhere, gift, admin_client):
        fail(nowhere, gift)
        gift.refunds.update(failed_at=timezone.now() - timedelta(days=61))

        assert "What was given back came back" not in admin_client.get("/desk/").content.decode()

    def test_the_gift_offers_another_refund_of_the_whole(self, nowhere, gift, admin_client):
        fail(nowhere, gift)

        page = admin_client.get(f"/desk/gifts/{gift.reference}/").content.decode()

        assert "came back on" in page
        assert "Ask them before you try again" in page
        assert 'value="5' in page


def test_a_receipt_says_again_that_all_of_it_remains(client, nowhere, gift):
    fail(nowhere, gift)

    page = client.get(f"/thanks/{gift.reference}/receipt/").content.decode()

    assert "Given back" not in page
